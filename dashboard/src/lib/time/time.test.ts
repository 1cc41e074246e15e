import { describe, expect, it } from "vitest";
import { addMonths, parseDate } from "./civil";
import { compareParameter, comparisonSpan, elapsedSpan } from "./comparison";
import { effectiveInterval, intervalsFor, neighbour } from "./interval";
import { type Period, spanOf, step } from "./period";
import { endOfDay, startOfDay } from "./zone";

const NOW = Date.parse("2026-11-21T10:07:30Z");
const relative = (name: string) => ({ kind: "relative", name }) as Period;
const days = (period: Period, zone = "UTC") => {
  const span = spanOf(period, zone, NOW).days;
  return span ? `${span.first}…${span.last}` : null;
};

describe("days of a zone", () => {
  it.each([
    ["Europe/Berlin", "2026-03-29", 23],
    ["Europe/Berlin", "2026-10-25", 25],
    ["America/New_York", "2026-11-01", 25],
    ["Asia/Kathmandu", "2026-03-29", 24],
    ["Australia/Lord_Howe", "2026-04-05", 24.5],
    ["America/Sao_Paulo", "2018-11-04", 23],
  ])("%s %s has %f hours", (zone, date, hours) => {
    expect((endOfDay(date, zone) - startOfDay(date, zone)) / 3_600_000).toBe(hours);
  });

  it("begin where the clock says so", () => {
    expect(new Date(startOfDay("2026-11-21", "Europe/Berlin")).toISOString()).toBe(
      "2026-11-20T23:00:00.000Z",
    );
    expect(new Date(startOfDay("2018-11-04", "America/Sao_Paulo")).toISOString()).toBe(
      "2018-11-04T03:00:00.000Z",
    );
  });
});

describe("periods", () => {
  it.each([
    ["day", "2026-11-21…2026-11-21"],
    ["yesterday", "2026-11-20…2026-11-20"],
    ["7d", "2026-11-15…2026-11-21"],
    ["28d", "2026-10-25…2026-11-21"],
    ["91d", "2026-08-23…2026-11-21"],
    ["month", "2026-11-01…2026-11-21"],
    ["lastmonth", "2026-10-01…2026-10-31"],
    ["year", "2026-01-01…2026-11-21"],
    ["6mo", "2026-06-01…2026-11-21"],
    ["12mo", "2025-12-01…2026-11-21"],
  ])("%s covers %s", (name, covered) => {
    expect(days(relative(name))).toBe(covered);
  });

  it("begin a day earlier or later with the zone", () => {
    const late = Date.parse("2026-11-21T23:30:00Z");
    expect(spanOf(relative("day"), "Europe/Berlin", late).days?.first).toBe("2026-11-22");
    expect(spanOf(relative("day"), "America/New_York", late).days?.first).toBe("2026-11-21");
  });

  it("step through days, months and years, and back to the one that moves on", () => {
    const yesterday = step(relative("day"), -1, "UTC", NOW);
    expect(yesterday).toEqual({ kind: "calendar", unit: "day", on: "2026-11-20" });
    expect(yesterday && step(yesterday, 1, "UTC", NOW)).toEqual(relative("day"));
    expect(step(relative("month"), -1, "UTC", NOW)).toEqual({
      kind: "calendar",
      unit: "month",
      on: "2026-10-01",
    });
    const week = step(relative("7d"), -1, "UTC", NOW);
    expect(week).toEqual({ kind: "custom", from: "2026-11-08", to: "2026-11-14" });
    expect(week && step(week, 1, "UTC", NOW)).toEqual(relative("7d"));
  });

  it("do not step into the future or out of all time", () => {
    expect(step(relative("day"), 1, "UTC", NOW)).toBeNull();
    expect(step(relative("7d"), 1, "UTC", NOW)).toBeNull();
    expect(step(relative("all"), -1, "UTC", NOW)).toBeNull();
    expect(step(relative("realtime"), -1, "UTC", NOW)).toBeNull();
  });
});

describe("comparison", () => {
  const compared = (period: Period, kind: "previous" | "year", weekday = false) => {
    const span = spanOf(period, "UTC", NOW);
    const other = comparisonSpan({ kind }, weekday, period, span, "UTC");
    return other ? compareParameter(other) : null;
  };

  it("is with as many days before, or the calendar's own unit", () => {
    expect(compared(relative("7d"), "previous")).toBe("2026-11-08,2026-11-14");
    expect(compared(relative("lastmonth"), "previous")).toBe("2026-09-01,2026-09-30");
    expect(compared(relative("month"), "previous")).toBe("2026-10-01,2026-10-21");
    expect(compared(relative("year"), "previous")).toBe("2025-01-01,2025-11-21");
    expect(compared(relative("7d"), "year")).toBe("2025-11-15,2025-11-21");
    expect(compared(relative("all"), "previous")).toBeNull();
  });

  it("can begin on the same weekday", () => {
    expect(compared(relative("7d"), "year", true)).toBe("2025-11-16,2025-11-22");
    expect(compared(relative("day"), "previous", true)).toBe("2026-11-14,2026-11-14");
  });

  it("of a running period covers no more than has passed", () => {
    const cut = (period: Period) => {
      const span = spanOf(period, "UTC", NOW);
      const other = comparisonSpan({ kind: "previous" }, false, period, span, "UTC");
      return other && compareParameter(elapsedSpan(other, span, "UTC", NOW));
    };
    expect(cut(relative("day"))).toBe("2026-11-20T00:00Z,2026-11-20T10:10Z");
    expect(cut(relative("7d"))).toBe("2026-11-08T00:00Z,2026-11-14T10:10Z");
    expect(cut(relative("month"))).toBe("2026-10-01T00:00Z,2026-10-21T10:10Z");
    expect(cut(relative("yesterday"))).toBe("2026-11-19,2026-11-19");
  });
});

describe("intervals", () => {
  it("offer what the range can show", () => {
    const span = (name: string) => spanOf(relative(name), "UTC", NOW);
    expect(intervalsFor(span("day"))).toEqual(["minute", "hour"]);
    expect(intervalsFor(span("7d"))).toEqual(["hour", "day"]);
    expect(intervalsFor(span("12mo"))).toEqual(["day", "week", "month"]);
    expect(effectiveInterval("minute", span("28d"))).toBe("day");
    expect(effectiveInterval("week", span("28d"))).toBe("week");
    expect(neighbour("hour", 1, span("day"))).toBeNull();
    expect(neighbour("hour", -1, span("day"))).toBe("minute");
  });
});

it("knows the calendar", () => {
  expect(parseDate("2026-02-29")).toBeNull();
  expect(parseDate("2024-02-29")).toBe("2024-02-29");
  expect(parseDate("2026-2-1")).toBeNull();
  expect(addMonths("2026-03-31", -1)).toBe("2026-02-28");
});
