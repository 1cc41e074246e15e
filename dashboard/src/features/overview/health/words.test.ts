import { readFileSync } from "node:fs";
import { i18n } from "@lingui/core";
import { beforeAll, describe, expect, it } from "vitest";
import type { FindingCode } from "../../../api/types";
import { wordsFor } from "../../install/findings";
import { valueLabel } from "../dimensions";
import { CONSENT, IDENTITY, QUARANTINE, REFUSAL, reasonLabel } from "./words";

beforeAll(() => i18n.loadAndActivate({ locale: "en", messages: {} }));

const repository = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../../../../${path}`, import.meta.url), "utf8"));
const { schemas } = repository("api/openapi.json").components;

/** Seen and in no number: findings speak of them, and no list of refusals does. */
const NOT_COUNTED = ["bot", "consent_denied", "consent_pending", "blocked_ip", "testing_ip"];

describe("every code that the server can give has words:", () => {
  it("why events are set aside", () => {
    const codes: string[] = schemas.HealthView.properties.quarantinedBy.propertyNames.enum;
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !Object.hasOwn(QUARANTINE, code))).toEqual([]);
  });

  it("why requests are turned away", () => {
    const codes: string[] = schemas.Refused.properties.code.enum;
    const worded = [QUARANTINE, REFUSAL].flatMap((words) => Object.keys(words));
    expect(codes.filter((code) => !worded.includes(code)).sort()).toEqual([...NOT_COUNTED].sort());
  });

  it("how visitors are recognised, and what they agreed to", () => {
    for (const [schema, words] of [
      ["IdentityView", IDENTITY],
      ["ConsentView", CONSENT],
    ] as const) {
      expect(Object.keys(schemas[schema].properties).sort()).toEqual(Object.keys(words).sort());
    }
  });

  it("what is in the way of the first event", () => {
    const codes: { const?: string; enum?: string[] }[] = [
      ...(schemas.FindingCode.oneOf ?? []),
      schemas.FindingCode,
    ];
    const named = codes.flatMap((one) => one.enum ?? (one.const ? [one.const] : []));
    expect(named.length).toBeGreaterThan(10);
    for (const code of named as FindingCode[]) {
      const { title, fix } = wordsFor({ code, host: null, count: 1, lastAt: null, detail: null });
      expect(title, code).not.toContain("_");
      expect(fix.length, code).toBeGreaterThan(10);
    }
  });
});

it("reads out what a newer server says", () => {
  expect(reasonLabel(QUARANTINE, "invalid_colour")).toBe("Invalid colour");
  expect(reasonLabel(QUARANTINE, "constructor")).toBe("Constructor");
});

it.each([
  "form_partial",
  "form_interaction",
  "chat_message",
  "session_start",
  "session_end",
  "tracker_initialized",
])("names the event %s of another tracker", (type) => {
  expect(valueLabel("event", type)).toMatch(/^[A-Z][a-z ]+$/);
});
