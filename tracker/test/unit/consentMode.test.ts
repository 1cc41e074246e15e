import { expect, test } from "vitest";
import type { ClewConsentMode } from "../../clew";
import { purposesOf } from "../../src/lib/consentMode";

test.each<[ClewConsentMode, object]>([
  [{ analytics_storage: "granted" }, { analytics: true }],
  [{ analytics_storage: "denied" }, { analytics: false }],
  [{ ad_storage: "granted" }, { marketing: true }],
  [{ ad_storage: "granted", ad_user_data: "denied" }, { marketing: false }],
  [{ ad_storage: "denied", ad_user_data: "granted" }, { marketing: false }],
  [
    { ad_storage: "granted", ad_user_data: "granted", ad_personalization: "granted" },
    { marketing: true },
  ],
])("%j is %j", (mode, purposes) => {
  expect(purposesOf(mode)).toEqual(purposes);
});

test("purposes of our own pass unchanged, and so does nothing", () => {
  expect(purposesOf({ analytics: true, replay: false } as never)).toEqual({
    analytics: true,
    replay: false,
  });
  expect(purposesOf(undefined)).toEqual({});
});

test("storage answers of other kinds are no purposes", () => {
  const mode = { functionality_storage: "granted", security_storage: "granted" };
  expect(purposesOf(mode as never)).toEqual({});
});
