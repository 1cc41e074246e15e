import { expect, test, vi } from "vitest";
import { uuidv7 } from "../../src/lib/uuidv7";

test("an id is a UUID of version 7 with the RFC's variant", () => {
  expect(uuidv7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("its first 48 bits are the time in milliseconds", () => {
  vi.spyOn(Date, "now").mockReturnValue(1_795_176_000_123);
  const hex = uuidv7().replace(/-/g, "").slice(0, 12);
  expect(Number.parseInt(hex, 16)).toBe(1_795_176_000_123);
  vi.restoreAllMocks();
});

test("ten thousand ids of one moment differ", () => {
  const ids = new Set(Array.from({ length: 10_000 }, uuidv7));
  expect(ids.size).toBe(10_000);
});
