import { expect, test } from "vitest";
import { trackedName } from "../../src/forms/tracked";

test.each([
  ["email", "email"],
  ["your-email", "email"],
  ["contact[E-Mail]", "email"],
  ["user.first_name", "first_name"],
  ["firstName", "first_name"],
  ["given-name", "first_name"],
  ["lname", "last_name"],
  ["surname", "last_name"],
  ["Full Name", "full_name"],
  ["name", "name"],
  ["tel", "phone"],
  ["phoneNumber", "phone"],
  ["Mobile", "phone"],
  ["organisation", "organization"],
  ["company", "company"],
  ["message", "message"],
  ["comment", "comments"],
  ["username", undefined],
  ["nickname", undefined],
  ["shipping_address", undefined],
  ["ssn", undefined],
  ["card[number]", undefined],
  ["", undefined],
])("a field called %s is %s", (called, expected) => {
  expect(trackedName([called])).toBe(expected);
});

test("the first name that says something counts", () => {
  expect(trackedName([null, "field-7", "email", "text"])).toBe("email");
  expect(trackedName(["q1", "q1", "", "tel"])).toBe("phone");
});

test("a list of names leaves everything else out", () => {
  const allowed = "first_name,last_name,email";
  expect(trackedName(["email"], allowed)).toBe("email");
  expect(trackedName(["name"], allowed)).toBeUndefined();
  expect(trackedName(["phone"], allowed)).toBeUndefined();
});
