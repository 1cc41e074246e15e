import { i18n } from "@lingui/core";
import { beforeAll, expect, it } from "vitest";
import { judge } from "./metrics";

beforeAll(() => i18n.loadAndActivate({ locale: "en", messages: {} }));

it("calls more visitors good and more bounces bad", () => {
  expect(judge("visitors", 110, 100)).toEqual({ direction: "up", tone: "good", text: "10%" });
  expect(judge("bounce_rate", 40, 35)).toEqual({ direction: "up", tone: "bad", text: "5 pp" });
  expect(judge("bounce_rate", 35, 40)?.tone).toBe("good");
});

it("makes nothing of a change that rounds to nothing", () => {
  expect(judge("bounce_rate", 11.04, 11.05)).toEqual({
    direction: "same",
    tone: "neutral",
    text: "0 pp",
  });
});

it("judges nothing where there is nothing to compare", () => {
  expect(judge("visitors", 5, undefined)).toBeNull();
  expect(judge("bounce_rate", null, 5)).toBeNull();
});
