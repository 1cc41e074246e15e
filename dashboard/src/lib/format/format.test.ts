import { i18n } from "@lingui/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { daySpan } from "../time/period";
import { changeOf, formatChange } from "./change";
import { formatBucket, formatDate, formatSpan, formatTick } from "./date";
import { formatCompact, formatDuration, formatMean, formatNumber, formatPercent } from "./number";

const speak = (language: string) => i18n.loadAndActivate({ locale: language, messages: {} });
beforeEach(() => speak("en"));
afterEach(() => speak("en"));

describe("numbers", () => {
  it("are shortened from ten thousand on", () => {
    expect([0, 999, 1234, 9999, 12_345, 1_250_000].map(formatCompact)).toEqual([
      "0",
      "999",
      "1,234",
      "9,999",
      "12.3k",
      "1.3M",
    ]);
  });

  it("follow the language", () => {
    speak("de");
    expect(formatNumber(12_345.5)).toBe("12.345,5");
    expect(formatCompact(1_250_000)).toBe("1,3\u00a0Mio.");
    expect(formatPercent(3.25)).toBe("3,3\u00a0%");
  });

  it("show a dash where there is no number, never 0 or NaN", () => {
    for (const format of [formatNumber, formatCompact, formatMean, formatPercent, formatDuration]) {
      expect(format(null)).toBe("–");
      expect(format(Number.NaN)).toBe("–");
    }
  });

  it("of small percentages keep a decimal", () => {
    expect([0, 0.4, 9.94, 9.96, 31.91, 100].map(formatPercent)).toEqual([
      "0%",
      "0.4%",
      "9.9%",
      "10%",
      "32%",
      "100%",
    ]);
  });

  it("of seconds become times", () => {
    expect([0, 47.4, 59.6, 125, 3599.6, 4030, 360_000].map(formatDuration)).toEqual([
      "0s",
      "47s",
      "1m 00s",
      "2m 05s",
      "1h 00m",
      "1h 07m",
      "100h 00m",
    ]);
  });
});

describe("change", () => {
  it("is a share of the earlier number", () => {
    const change = changeOf(110, 100);
    expect(change).toEqual({ amount: 10, direction: "up" });
    expect(change && formatChange(change)).toBe("10%");
  });

  it("has no share where the earlier number is nothing", () => {
    expect(changeOf(5, 0)).toEqual({ amount: null, direction: "up" });
    expect(changeOf(0, 0)).toEqual({ amount: 0, direction: "same" });
    expect(changeOf(5, null)).toBeNull();
  });

  it("of percentages counts points", () => {
    const change = changeOf(31.9, 35.1, true);
    expect(change?.direction).toBe("down");
    expect(change && formatChange(change, true)).toBe("3.2 pp");
  });

  it("stays readable when it is huge", () => {
    const change = changeOf(100_000, 1);
    expect(change && formatChange(change)).toBe(">999%");
  });
});

describe("dates", () => {
  const ms = Date.parse("2026-11-20T23:00:00Z");

  it("are those of the site's zone", () => {
    expect(formatDate(ms, "date", "Europe/Berlin")).toContain("21");
    expect(formatDate(ms, "date", "UTC")).toContain("20");
    expect(formatDate(ms, "date", "Not/AZone")).toContain("20");
  });

  it("name a bucket by what it is", () => {
    expect(formatTick(ms, "hour", 1, "UTC")).toBe("23:00");
    expect(formatTick(ms, "hour", 3, "Europe/Berlin")).toContain("Nov");
    expect(formatBucket(ms, "month", "UTC")).toBe("November 2026");
  });

  it("join the ends of a range", () => {
    expect(formatSpan(daySpan("2026-11-15", "2026-11-21", "UTC"), "UTC")).toMatch(/15.*21.*2026/);
  });
});
