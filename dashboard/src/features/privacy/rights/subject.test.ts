import { expect, it } from "vitest";
import { subjectOf, toSubject } from "./subject";

it("reads whom the page was opened for, whatever the id is made of", () => {
  expect(subjectOf("visitor=018f-a1")).toEqual({ kind: "visitorId", id: "018f-a1" });
  const evil = `<b>&user=x "\u202E`;
  const search = new URLSearchParams({ user: evil }).toString();
  expect(subjectOf(search)).toEqual({ kind: "userId", id: evil });
  expect(subjectOf("")).toEqual({ kind: "visitorId", id: "" });
});

it("asks for one of the two, without what surrounds the id", () => {
  expect(toSubject({ kind: "visitorId", id: " 018f \n" })).toEqual({ visitorId: "018f" });
  expect(toSubject({ kind: "userId", id: "a b" })).toEqual({ userId: "a b" });
});
