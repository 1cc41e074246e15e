import { expect, test } from "vitest";
import { withEvothesis } from "../../src/compat/evothesis";
import { tightened, told } from "../../src/compat/privacyMode";
import { eventsAddress, keyOf } from "../../src/compat/pulseGate";
import { revenueOf } from "../../src/compat/purchase";

test("the older names of settings are ours", () => {
  const given = {
    client_id: "shop",
    endpoint: "https://stats.test/t/collect",
    batch_size: 20,
    flush_interval: 2000,
    debug: true,
  };
  expect(withEvothesis({}, given)).toEqual({
    siteId: "shop",
    api: "https://stats.test/t",
    batch: 20,
    flush: 2000,
    debug: true,
  });
  expect(withEvothesis({ siteId: "own" }, given).siteId).toBe("own");
});

test("a page may ask for more privacy and never for less", () => {
  const open = { unknown: "store", denied: "cookieless", capture: "partial" } as const;
  expect(tightened(open, "standard")).toEqual(open);
  expect(tightened(open, undefined)).toEqual(open);
  expect(tightened(open, "gdpr")).toEqual({
    unknown: "cookieless",
    denied: "cookieless",
    refused: "unanswered",
    capture: "submit",
  });
  expect(tightened(open, "hipaa")).toEqual({
    unknown: "cookieless",
    denied: "silent",
    gpc: "silent",
    refused: "unanswered",
    capture: "submit",
    fingerprint: false,
  });
  expect(tightened({ unknown: "silent", denied: "silent" }, "gdpr")).toEqual({
    unknown: "silent",
    denied: "silent",
  });
  expect(tightened({ storage: "local" }, "exempt")).toMatchObject({ storage: "none" });
});

test("the server hears of the page's wish as of a refusal", () => {
  const granted = { analytics: true, marketing: true };
  expect(told({}, {})).toEqual({});
  expect(told({ refused: "unanswered" }, { marketing: false })).toEqual({
    analytics: false,
    marketing: false,
  });
  expect(told({ refused: "unanswered" }, granted)).toEqual(granted);
  expect(told({ refused: "always" }, granted)).toEqual({ analytics: false, marketing: true });
});

test("an order number makes a purchase revenue, once", () => {
  expect(revenueOf("purchase", { order_id: "A-1", value: "19.90", currency: "EUR" })).toEqual({
    value: 19.9,
    currency: "EUR",
    id: "A-1",
  });
  expect(revenueOf("purchase", { order_id: 7, value: 3 })).toEqual({
    value: 3,
    currency: undefined,
    id: "7",
  });
  expect(revenueOf("purchase", { value: 3 })).toBeUndefined();
  expect(revenueOf("refund", { order_id: "A-1", value: 3 })).toBeUndefined();
  expect(revenueOf("purchase", { order_id: "x", value: "a lot" })?.value).toBeUndefined();
});

test.each([
  ["https://p.test", "https://p.test/v1/events"],
  ["https://p.test/", "https://p.test/v1/events"],
  ["https://p.test/track", "https://p.test/v1/events"],
  ["https://p.test/x/track/events", "https://p.test/x/v1/events"],
  ["/t", "https://own.test/t/v1/events"],
])("PulseGate's endpoint %s", (endpoint, expected) => {
  expect(eventsAddress(endpoint, "https://own.test/pulse.js")).toBe(expected);
});

test("PulseGate knows the site by any of its names", () => {
  expect(keyOf({ site_key: "k" })).toBe("k");
  expect(keyOf({ siteId: "s" })).toBe("s");
  expect(keyOf({})).toBeUndefined();
});
