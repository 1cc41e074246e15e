import { expect, it } from "vitest";
import { detailOf } from "./detail";

it("says which fields changed, from what to what where that is recorded", () => {
  const detail = {
    changes: {
      profile: { old: "gdpr", new: "hipaa" },
      domains: { old: [], new: ["a.example", "b.example"] },
      blockedIps: { changed: true },
    },
  };
  expect(detailOf(detail)).toEqual({
    changes: [
      { field: "profile", values: { old: "gdpr", new: "hipaa" } },
      { field: "domains", values: { old: "–", new: "a.example, b.example" } },
      { field: "blockedIps", values: null },
    ],
    facts: [],
  });
});

it("shows whatever else an action recorded", () => {
  expect(detailOf({ events: 12, by: { kind: "job" } }).facts).toEqual([
    ["events", "12"],
    ["by", '{"kind":"job"}'],
  ]);
  expect(detailOf("plain text").facts).toEqual([["", "plain text"]]);
  expect(detailOf(null)).toEqual({ changes: [], facts: [] });
  expect(detailOf({ changes: null })).toEqual({ changes: [], facts: [] });
});
