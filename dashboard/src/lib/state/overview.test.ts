import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays } from "../time/civil";
import { INTERVALS } from "../time/interval";
import { instant, type Period, RELATIVE_PERIODS } from "../time/period";
import { DIMENSIONS, METRICS } from "./dimension";
import { OPERATORS } from "./filter";
import { INITIAL_STATE, type OverviewState, parseState, serialiseState } from "./overview";
import { PANELS, type PanelTabs, panelTabs } from "./panel";

const date = fc.integer({ min: 0, max: 25_000 }).map((days) => addDays("1990-01-01", days));
const range = fc
  .tuple(date, fc.integer({ min: 0, max: 900 }))
  .map(([from, length]) => ({ from, to: addDays(from, length) }));
const instants = fc
  .tuple(fc.integer({ min: 0, max: 4e9 }), fc.integer({ min: 1, max: 1e7 }))
  .map(([from, length]) => ({
    from: instant(from * 1000),
    to: instant((from + length) * 1000),
  }));
const custom = fc.oneof(range, instants).map((ends) => ({ kind: "custom" as const, ...ends }));

const period: fc.Arbitrary<Period> = fc.oneof(
  fc.constantFrom(...RELATIVE_PERIODS).map((name) => ({ kind: "relative" as const, name })),
  fc.record({
    kind: fc.constant("calendar" as const),
    unit: fc.constantFrom("day" as const, "month" as const, "year" as const),
    on: date,
  }),
  custom,
);
const text = fc
  .oneof(
    fc.string({ unit: "grapheme", maxLength: 30 }),
    fc.constantFrom(
      "",
      "a,b",
      "~",
      "~,",
      ";",
      "a;b~",
      "&f=is,page,/x",
      "%2C",
      "+ +",
      "<script>",
      "١٢٣",
    ),
  )
  .map((value) => value.replaceAll("\0", ""));
const condition = fc.record({
  op: fc.constantFrom(...OPERATORS),
  dimension: fc.constantFrom(...DIMENSIONS),
  values: fc.uniqueArray(text, { minLength: 1, maxLength: 4 }),
});
const tabs: fc.Arbitrary<PanelTabs> = fc.subarray([...PANELS]).chain((panels) =>
  fc.tuple(...panels.map((panel) => fc.constantFrom(...panelTabs[panel]))).map((chosen) =>
    Object.fromEntries(
      panels.flatMap((panel, i) => {
        const tab = chosen[i];
        return tab && tab !== panelTabs[panel][0] ? [[panel, tab]] : [];
      }),
    ),
  ),
);
const state: fc.Arbitrary<OverviewState> = fc.record({
  period,
  comparison: fc.oneof(
    fc.constantFrom(
      { kind: "none" as const },
      { kind: "previous" as const },
      { kind: "year" as const },
    ),
    custom,
  ),
  matchWeekday: fc.boolean(),
  interval: fc.constantFrom(null, ...INTERVALS),
  metric: fc.constantFrom(...METRICS),
  filter: fc.array(fc.array(condition, { minLength: 1, maxLength: 3 }), { maxLength: 5 }),
  tabs,
  details: fc.constantFrom(null, ...DIMENSIONS),
});

describe("the overview's address", () => {
  it("gives back every state it was made from", () => {
    fc.assert(
      fc.property(state, (before) => {
        expect(parseState(serialiseState(before))).toEqual(before);
      }),
      { numRuns: 1000 },
    );
  });

  it("survives a real address bar", () => {
    fc.assert(
      fc.property(state, (before) => {
        const url = new URL(`https://clew.example/app/demo?${serialiseState(before)}`);
        expect(parseState(url.search)).toEqual(before);
      }),
    );
  });

  it("never throws, whatever it is given", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (query) => {
        parseState(query);
      }),
    );
    for (const query of [
      "f=%",
      "f=%E0%A4%A",
      "from=%00&to=%FF",
      "f=is&f=,,,&any=;;;",
      "period[]=x",
    ]) {
      expect(parseState(query)).toEqual(INITIAL_STATE);
    }
  });

  it("is short and readable", () => {
    expect(serialiseState(INITIAL_STATE)).toBe("");
    const query = serialiseState({
      ...INITIAL_STATE,
      period: { kind: "relative", name: "7d" },
      comparison: { kind: "previous" },
      filter: [
        [{ op: "is", dimension: "source", values: ["Google", "Bing"] }],
        [{ op: "is_not", dimension: "page", values: ["/a b,c"] }],
      ],
      tabs: { sources: "campaign" },
    });
    expect(query).toBe(
      "period=7d&compare=previous&f=is,source,Google,Bing&f=is_not,page,/a+b~,c&sources=campaign",
    );
  });

  it("lets each unknown part fall back by itself", () => {
    const read = parseState(
      "period=fortnight&metric=clicks&interval=day&f=is,colour,red&f=is,source,Google&sources=page&compare=2026-02-30,2026-03-01",
    );
    expect(read).toEqual({
      ...INITIAL_STATE,
      interval: "day",
      filter: [[{ op: "is", dimension: "source", values: ["Google"] }]],
    });
  });

  it("refuses ranges that end before they begin and dates that do not exist", () => {
    for (const query of [
      "from=2026-03-02&to=2026-03-01",
      "from=2026-02-30&to=2026-03-01",
      "from=x&to=y",
      "from=2026-03-01T10:00Z&to=2026-03-01T10:00Z",
    ]) {
      expect(parseState(query).period).toEqual(INITIAL_STATE.period);
    }
  });

  it("keeps a filter within what the server takes", () => {
    const many = Array.from({ length: 80 }, (_, i) => `f=is,page,/${i}`).join("&");
    expect(parseState(many).filter).toHaveLength(50);
    const long = `f=is,page,${"x".repeat(1025)}`;
    expect(parseState(long).filter).toEqual([]);
  });
});
