import { expect, it } from "vitest";
import { sorted } from "./sorting";

const rows = [
  { value: "a", visitors: 5, bounce_rate: 10 },
  { value: "b", visitors: 9, bounce_rate: null },
  { value: "c", visitors: 7, bounce_rate: 40 },
];
const order = (by: "visitors" | "bounce_rate", descending: boolean) =>
  sorted(rows, { by, descending })
    .map(({ value }) => value)
    .join("");

it("orders by any number both ways, and what has none last", () => {
  expect(order("visitors", true)).toBe("bca");
  expect(order("visitors", false)).toBe("acb");
  expect(order("bounce_rate", true)).toBe("cab");
  expect(order("bounce_rate", false)).toBe("acb");
});
