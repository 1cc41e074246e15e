import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { redactAddress } from "../../src/redact/address";
import { redactEvent } from "../../src/redact/event";
import { isSecret } from "../../src/redact/fieldName";
import { redactText } from "../../src/redact/text";

interface Vector {
  kind: "text" | "url" | "field";
  input: string;
  expected: string;
  why: string;
}

/** The same file holds the server to the same answers. */
const VECTORS: Vector[] = JSON.parse(
  readFileSync(new URL("../../../fixtures/redact/vectors.json", import.meta.url), "utf8"),
);
const of = (kind: Vector["kind"]) => VECTORS.filter((vector) => vector.kind === kind);
const marked = (text: string, mark: string) =>
  text.replace(/\[(email|card|ssn|iban|passport|secret)\]/g, mark);

test.each(of("text"))("text: $why: $input", ({ input, expected }) => {
  expect(redactText(input, "[REDACTED]")).toBe(marked(expected, "[REDACTED]"));
});

test.each(of("url"))("address: $why: $input", ({ input, expected }) => {
  expect(redactAddress(input)).toBe(marked(expected, "REDACTED"));
});

test.each(of("field"))("field name $input is $expected", ({ input, expected }) => {
  expect(isSecret(input) ? "secret" : "open").toBe(expected);
});

test.each(VECTORS.filter(({ kind }) => kind !== "field"))("once is enough: $input", ({ input }) => {
  const once = redactText(input, "[REDACTED]");
  expect(redactText(once, "[REDACTED]")).toBe(once);
});

test("an event is copied: what the queue holds stays as the page has it", () => {
  const event = {
    id: "1",
    type: "custom",
    name: "sent to ada@example.com",
    t: 1,
    seq: 1,
    url: "https://a.test/u/ada@example.com",
    title: "Ada ada@example.com",
    referrer: "https://b.test/?mail=ada%40example.com",
    props: { password: "hunter2", note: "a@b.io", card: 4111111111111111, n: 7, on: true },
  };
  const before = JSON.stringify(event);
  expect(redactEvent(event)).toEqual({
    ...event,
    name: "sent to [REDACTED]",
    url: "https://a.test/u/REDACTED",
    title: "Ada [REDACTED]",
    referrer: "https://b.test/?mail=REDACTED",
    props: { password: "[REDACTED]", note: "[REDACTED]", card: "[REDACTED]", n: 7, on: true },
  });
  expect(JSON.stringify(event)).toBe(before);
});

test("a long text costs time in proportion to its length", () => {
  const hostile = [
    "a".repeat(200_000),
    "1 ".repeat(100_000),
    "a@".repeat(100_000),
    "%41".repeat(60_000),
  ];
  const began = performance.now();
  for (const text of hostile) redactText(text, "x");
  expect(performance.now() - began).toBeLessThan(3000);
});
