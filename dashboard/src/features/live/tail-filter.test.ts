import { expect, it } from "vitest";
import type { EventView } from "../../api/types";
import { merged, passing, typesOf } from "./tail-filter";

const event = (eventId: string, more: Partial<EventView> = {}) =>
  ({
    eventId,
    eventType: "pageview",
    name: null,
    url: "",
    metadata: {},
    payload: {},
    ...more,
  }) as EventView;
const ids = (events: EventView[]) => events.map(({ eventId }) => eventId).join("");
const all = { text: "", type: "", crowd: "all" } as const;

it("shows each event once, the newest first", () => {
  expect(ids(merged([event("c"), event("b")], [event("b"), event("a")]))).toBe("cba");
});

it("narrows by type, text and who it was", () => {
  const events = [
    event("a", { url: "https://x.example/Shoes" }),
    event("b", { name: "Purchase", eventType: "custom" }),
    event("c", { metadata: { bot: "Googlebot", source: "Google" } }),
  ];
  expect(ids(passing(events, { ...all, text: "shoes" }))).toBe("a");
  expect(ids(passing(events, { ...all, type: "Purchase" }))).toBe("b");
  expect(ids(passing(events, { ...all, crowd: "bots" }))).toBe("c");
  expect(ids(passing(events, { ...all, crowd: "people" }))).toBe("ab");
  expect(ids(passing(events, { ...all, text: "goo" }))).toBe("c");
  expect(typesOf(events)).toEqual(["Purchase", "pageview"]);
});

it("bears metadata that is not text", () => {
  expect(
    ids(passing([event("a", { metadata: { bot: 1, title: null } })], { ...all, text: "x" })),
  ).toBe("");
});
