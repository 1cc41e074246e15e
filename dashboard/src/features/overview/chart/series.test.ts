import { describe, expect, it } from "vitest";
import type { TimeseriesReport } from "../../../api/reports";
import { drawnSeries, zoomed } from "./series";

const HOUR = 3_600_000;
const start = Date.parse("2026-11-21T00:00:00Z");
const report = (step: number, count: number) =>
  ({
    interval: "hour",
    points: Array.from({ length: count }, (_, i) => ({
      t: new Date(start + i * step).toISOString(),
      visitors: i,
    })),
    meta: {
      range: {
        from: new Date(start).toISOString(),
        to: new Date(start + count * step).toISOString(),
      },
    },
  }) as TimeseriesReport;

describe("a running day", () => {
  const drawn = drawnSeries(report(HOUR, 24), "visitors", start + 10.5 * HOUR);

  it("has a running bucket and no numbers for what has not begun", () => {
    expect(drawn.incompleteFrom).toBe(10);
    expect(drawn.points[10]?.value).toBe(10);
    expect(drawn.points[11]?.value).toBeNull();
  });

  it("zooms into the hours that were chosen", () => {
    expect(zoomed(drawn, 3, 5, "UTC")).toEqual({
      kind: "custom",
      from: "2026-11-21T03:00Z",
      to: "2026-11-21T06:00Z",
    });
    expect(zoomed(drawn, 0, 23, "UTC")).toEqual({
      kind: "calendar",
      unit: "day",
      on: "2026-11-21",
    });
  });
});

describe("finished days", () => {
  const drawn = drawnSeries(report(24 * HOUR, 3), "visitors", start + 100 * 24 * HOUR);

  it("have no running bucket", () => {
    expect(drawn.incompleteFrom).toBeNull();
  });

  it("zoom to days, not to instants", () => {
    expect(zoomed(drawn, 1, 1, "UTC")).toEqual({ kind: "calendar", unit: "day", on: "2026-11-22" });
    expect(zoomed(drawn, 1, 2, "UTC")).toEqual({
      kind: "custom",
      from: "2026-11-22",
      to: "2026-11-23",
    });
  });

  it("zoom to instants where the site's days begin at another time", () => {
    expect(zoomed(drawn, 1, 1, "Europe/Berlin").kind).toBe("custom");
  });
});
