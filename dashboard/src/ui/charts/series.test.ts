import { describe, expect, it } from "vitest";
import { areaPath, labelledBuckets, linePath, positions, xScale, yScale } from "./series";
import { keyTarget } from "./useScrub";

const frame = { width: 200, height: 100, left: 0, right: 0, top: 0, bottom: 0 };
const points = (...values: (number | null)[]) => values.map((value, t) => ({ t, value }));

describe("scales", () => {
  it("spread buckets over the whole width and put a single one into the middle", () => {
    expect(xScale(3, frame).at(2)).toBe(200);
    expect(xScale(1, frame).at(0)).toBe(100);
  });

  it("begin at zero and have room for both series", () => {
    const { scale, ticks } = yScale([points(3, 9), points(18)], frame, true);
    expect(scale.at(0)).toBe(100);
    expect(scale.domain).toEqual([0, 20]);
    expect(ticks).toEqual([0, 5, 10, 15, 20]);
  });

  it("have no fractions of visitors, and an axis even for nothing", () => {
    expect(yScale([points(1)], frame, true).ticks).toEqual([0, 1]);
    expect(yScale([[]], frame, true).ticks).toEqual([0, 1]);
    expect(yScale([points(0.5)], frame, false).ticks.length).toBeGreaterThan(2);
  });

  it("lead back from a position to its bucket", () => {
    const x = xScale(5, { ...frame, left: 40, right: 10 });
    for (const bucket of [0, 1, 4]) expect(x.invert(x.at(bucket))).toBeCloseTo(bucket);
  });

  it("label only as many buckets as there is room for", () => {
    expect(labelledBuckets(24, frame, 50)).toEqual([0, 6, 12, 18]);
    expect(labelledBuckets(2, frame, 50)).toEqual([0, 1]);
  });
});

describe("paths", () => {
  const drawn = (...values: (number | null)[]) =>
    positions(
      points(...values),
      xScale(values.length, frame),
      yScale([points(10)], frame, true).scale,
    );

  it("have a gap where a value is missing", () => {
    expect(linePath(drawn(1, 2, null, 4, 5)).match(/M/g)).toHaveLength(2);
  });

  it("of nothing are empty", () => {
    expect(linePath(drawn())).toBe("");
    expect(areaPath(drawn(null, null), 100)).toBe("");
  });
});

describe("keys on a chart", () => {
  it("start at the newest bucket and stay within the chart", () => {
    expect(keyTarget("ArrowLeft", null, 7)).toBe(6);
    expect(keyTarget("ArrowLeft", 6, 7)).toBe(5);
    expect(keyTarget("ArrowRight", 6, 7)).toBe(6);
    expect(keyTarget("Home", 3, 7)).toBe(0);
    expect(keyTarget("PageUp", 3, 7)).toBe(0);
    expect(keyTarget("a", 3, 7)).toBeNull();
  });
});
