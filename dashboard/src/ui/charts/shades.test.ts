import fc from "fast-check";
import { expect, it } from "vitest";
import { STEPS, shade } from "./shades";

it("colours nothing where there is nothing", () => {
  expect([0, -1, Number.NaN].map((value) => shade(value, 10))).toEqual([0, 0, 0]);
  expect(shade(1, 0)).toBe(0);
});

it("tells a country of a few visitors from one of very many", () => {
  expect([1, 40, 160, 640, 1000].map((value) => shade(value, 1000))).toEqual([1, 1, 2, 4, 5]);
});

it("gives the largest the strongest colour and keeps the order", () => {
  const counts = fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 2 });
  fc.assert(
    fc.property(counts, (values) => {
      const sorted = values.toSorted((a, b) => a - b);
      const largest = sorted.at(-1) ?? 0;
      const shades = sorted.map((value) => shade(value, largest));
      expect(shades.at(-1)).toBe(STEPS);
      expect(shades).toEqual(shades.toSorted((a, b) => a - b));
      expect(shades[0]).toBeGreaterThanOrEqual(1);
    }),
  );
});
