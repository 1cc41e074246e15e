import { expect, it } from "vitest";
import { lettersOf } from "./country-codes";
import { DOTS, HEIGHT, SHAPES, WIDTH } from "./world";

it("knows every country of the map by its letters", () => {
  expect(SHAPES.filter(({ code }) => code === null)).toEqual([]);
  for (const code of ["DE", "US", "FR", "NO", "XK", "IN", "GB"])
    expect(SHAPES.some((shape) => shape.code === code)).toBe(true);
  expect(SHAPES.every(({ path }) => path.startsWith("M"))).toBe(true);
});

it("calls numbers as the standard does", () => {
  for (let number = 1; number < 900; number++) {
    const id = String(number).padStart(3, "0");
    const known = lettersOf(id, "");
    if (known) expect(new Intl.Locale(`und-${id}`).region).toBe(known);
  }
});

it("draws nobody twice, and the small ones inside of the frame", () => {
  const shapes = new Set(SHAPES.map(({ code }) => code));
  for (const { code, x, y } of DOTS) {
    expect(shapes.has(code), code).toBe(false);
    expect(x > 0 && x < WIDTH && y > 0 && y < HEIGHT).toBe(true);
  }
});
