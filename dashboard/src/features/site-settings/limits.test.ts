import { expect, it } from "vitest";
import { within } from "./limits";

const everything = { ip: "full", visitorId: "cookie", fingerprint: true } as const;

it("lets a profile take away what it forbids, and nothing else", () => {
  expect(within("standard", everything)).toEqual(everything);
  expect(within("gdpr", everything)).toEqual({ ...everything, ip: "truncated" });
  expect(within("hipaa", everything)).toEqual({ ...everything, ip: "none", fingerprint: false });
  expect(within("exempt", everything)).toEqual({
    ip: "none",
    visitorId: "none",
    fingerprint: false,
  });
});

it("never gives more than was wanted", () => {
  const nothing = { ip: "none", visitorId: "none", fingerprint: false } as const;
  for (const profile of ["exempt", "gdpr", "standard", "hipaa"] as const)
    expect(within(profile, nothing)).toEqual(nothing);
});
