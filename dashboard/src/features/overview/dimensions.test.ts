import { i18n } from "@lingui/core";
import { beforeAll, describe, expect, it } from "vitest";
import { countryCode, valueLabel } from "./dimensions";

beforeAll(() => i18n.loadAndActivate({ locale: "de", messages: {} }));

describe("values", () => {
  it("that are codes are called by their names", () => {
    expect(valueLabel("country", "FR")).toBe("Frankreich");
    expect(valueLabel("language", "en-GB")).toContain("Englisch");
  });

  it("that only look like codes stay as they came", () => {
    for (const value of ["<b>", "constructor", "", "xx-", "1", "__proto__"]) {
      if (value === "") continue;
      expect(valueLabel("country", value)).toBe(value);
      expect(valueLabel("event", value)).toBe(value);
      expect(valueLabel("device", value)).toBe(value);
    }
  });

  it("that were not given say so", () => {
    expect(valueLabel("campaign", "")).toBe("No campaign");
    expect(valueLabel("screen", "")).toBe("Unknown");
  });
});

describe("paths", () => {
  it("are readable in any script", () => {
    expect(valueLabel("page", "/%C3%BCber-uns")).toBe("/über-uns");
    expect(valueLabel("page", "/a%2Fb")).toBe("/a%2Fb");
  });

  it("stay encoded where decoding hides or turns something", () => {
    for (const path of ["/%00", "/%20%20", "/%E2%80%AEevil", "/%", "/%FF"]) {
      expect(valueLabel("page", path)).toBe(path);
    }
  });
});

it("puts letters before countries and before nothing else", () => {
  expect(countryCode("DE")).toBe("DE");
  expect(countryCode("de")).toBe("");
  expect(countryCode("<script>")).toBe("");
});

it.each([
  "pageview",
  "engagement",
  "click",
  "scroll",
  "form_view",
  "form_start",
  "form_focus",
  "form_submit",
  "custom",
])("names the event %s", (type) => {
  expect(valueLabel("event", type)).toMatch(/^[A-Z][a-z ]+$/);
});
