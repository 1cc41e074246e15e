import { describe, expect, it } from "vitest";
import type { FormField } from "../../api/types";
import { fieldBody, formBody, NEW_FIELD, NEW_FORM, selectorOf } from "./drafts";
import { places } from "./order";

describe("what is sent", () => {
  it("has each alternative selector once and no empty line", () => {
    const body = formBody({ ...NEW_FORM, formName: " Contact ", alternatives: "#a\n\n .b \n#a\n" });
    expect(body.alternativeSelectors).toEqual(["#a", ".b"]);
    expect(body.formName).toBe("Contact");
  });

  it("has no label where none was typed", () => {
    expect(fieldBody({ ...NEW_FIELD, fieldName: "email", label: " " }).label).toBeNull();
  });
});

describe("the selector of a field", () => {
  it("follows the name until somebody says another one", () => {
    expect(selectorOf({ ...NEW_FIELD, fieldName: "email" })).toBe('[name="email"]');
    expect(selectorOf({ ...NEW_FIELD, fieldName: 'a"b' })).toBe('[name="a\\"b"]');
    expect(selectorOf({ ...NEW_FIELD, fieldName: "email", fieldSelector: "#mail" })).toBe("#mail");
    expect(selectorOf({ ...NEW_FIELD, fieldName: "email", fieldSelector: "" })).toBe("");
    expect(selectorOf(NEW_FIELD)).toBe("");
  });
});

describe("places", () => {
  const fields = (...orders: number[]) =>
    orders.map((order, n) => ({ fieldId: "abc"[n], order }) as FormField);

  it("names the fields that change", () => {
    expect([...places(fields(0, 1, 2), "b", -1)]).toEqual([
      ["b", 0],
      ["a", 1],
    ]);
  });

  it("tells fields apart that had the same place", () => {
    expect([...places(fields(0, 0, 0), "c", -1)]).toEqual([
      ["c", 1],
      ["b", 2],
    ]);
  });

  it("does nothing at the ends", () => {
    expect(places(fields(0, 1), "a", -1).size).toBe(0);
    expect(places(fields(0, 1), "b", 1).size).toBe(0);
    expect(places(fields(0, 1), "gone", 1).size).toBe(0);
  });
});
