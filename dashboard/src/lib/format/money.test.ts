import { i18n } from "@lingui/core";
import { beforeAll, expect, it } from "vitest";
import { formatMoney } from "./money";

beforeAll(() => i18n.loadAndActivate({ locale: "en", messages: {} }));

it("writes amounts with as many digits as the currency has", () => {
  expect(formatMoney(1999, "EUR")).toBe("€19.99");
  expect(formatMoney(1999, "JPY")).toBe("¥1,999");
  expect(formatMoney(-5, "USD")).toBe("-$0.05");
});

it("leaves what is no currency as it came", () => {
  expect(formatMoney(5, "<b>")).toBe("5 <b>");
});
