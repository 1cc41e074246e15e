import { i18n } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import { beforeAll, expect, it } from "vitest";
import type { SiteHealth } from "../../../api/types";
import { verdicts } from "./verdicts";

beforeAll(() => {
  i18n.setMessagesCompiler(compileMessage);
  i18n.loadAndActivate({ locale: "en", messages: {} });
});

const WELL: SiteHealth = {
  lag: { records: 0, seconds: 0 },
  received: { counted: 1000, bots: 0, quarantined: 0 },
  quarantinedBy: {},
  refused: [],
  refusedSince: "2026-11-21T00:00:00Z",
  gpc: 0,
  identity: {},
  consent: { granted: 0, denied: 0, unknown: 0 },
  unverifiedOrigin: 0,
  samplingRate: 1,
};
const told = (change: Partial<SiteHealth>) =>
  Object.fromEntries(
    verdicts({ ...WELL, ...change }).map(({ key, tone, text }) => [key, [tone, text]]),
  );

it("says that all is well", () => {
  expect(told({})).toEqual({
    lag: ["good", "Up to date"],
    dropped: ["good", "Nothing left out"],
    bots: ["neutral", "0% bots"],
  });
});

it("warns of a backlog and of a stuck one", () => {
  expect(told({ lag: { records: 50, seconds: 30 } }).lag?.[0]).toBe("warn");
  expect(told({ lag: { records: 9000, seconds: 600 } }).lag).toEqual([
    "bad",
    "600 s behind, 9,000 events waiting",
  ]);
});

it("counts what was set aside, and apart from it what was turned away", () => {
  const set = (quarantined: number) => told({ received: { counted: 900, bots: 0, quarantined } });
  expect(set(100).dropped).toEqual(["bad", "10% of events left out"]);
  expect(set(9).dropped).toEqual(["warn", "1% of events left out"]);
  const refused = (["foreign_origin", "bot", "late"] as const).map((code) => ({
    code,
    host: null,
    count: 3,
    lastAt: null,
  }));
  expect(told({ refused })["turned-away"]).toEqual(["warn", "3 requests turned away"]);
  expect(told({ refused }).dropped?.[0]).toBe("good");
});

it("does not divide by nothing", () => {
  expect(told({ received: { counted: 0, bots: 0, quarantined: 0 } })).toEqual({
    lag: ["good", "Up to date"],
    dropped: ["good", "Nothing left out"],
  });
});
