import { expect, it } from "vitest";
import { changed, fromDrafts, moved, newRule, same, toDrafts } from "./rules";

const RULES = ["Partners", "Podcast", "Print"].map((channel) => ({
  channel,
  when: [{ field: "source", op: "is", value: channel.toLowerCase() } as const],
}));

const names = (drafts: ReturnType<typeof toDrafts>) => drafts.map(({ channel }) => channel);

it("keeps rules as they were", () => {
  expect(fromDrafts(toDrafts(RULES))).toEqual(RULES);
  expect(same(RULES, fromDrafts(toDrafts(RULES)))).toBe(true);
  expect(same(RULES, RULES.toReversed())).toBe(false);
});

it("moves a rule by one place and never over an end", () => {
  const drafts = toDrafts(RULES);
  const [first, second, third] = drafts.map(({ key }) => key) as [number, number, number];
  expect(names(moved(drafts, second, -1))).toEqual(["Podcast", "Partners", "Print"]);
  expect(names(moved(drafts, second, 1))).toEqual(["Partners", "Print", "Podcast"]);
  expect(names(moved(drafts, first, -1))).toEqual(names(drafts));
  expect(names(moved(drafts, third, 1))).toEqual(names(drafts));
  expect(names(moved(drafts, -1, 1))).toEqual(names(drafts));
});

it("changes one rule and cuts what surrounds a text", () => {
  const drafts = [...toDrafts(RULES), newRule()];
  const last = drafts[3]?.key ?? 0;
  const after = fromDrafts(changed(drafts, last, { channel: "  Radio " }));
  expect(after.map(({ channel }) => channel)).toEqual(["Partners", "Podcast", "Print", "Radio"]);
});

it("gives every rule and condition a key of its own", () => {
  const drafts = [...toDrafts(RULES), ...toDrafts(RULES), newRule()];
  const keys = drafts.flatMap(({ key, when }) => [key, ...when.map((one) => one.key)]);
  expect(new Set(keys).size).toBe(keys.length);
});
