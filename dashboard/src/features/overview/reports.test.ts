import { describe, expect, it } from "vitest";
import { parseState } from "../../lib/state/overview";
import {
  breakdownQuestion,
  questionPath,
  scopeOf,
  seriesQuestion,
  totalsQuestion,
} from "./reports";

const NOW = Date.parse("2026-11-21T10:07:30Z");
const scope = (query: string) => scopeOf("s1", parseState(query), "UTC", NOW);

describe("questions", () => {
  it("name a period in the server's own words where it has them", () => {
    expect(scope("period=7d").common).toEqual({ site: "s1", period: "7d" });
    expect(scope("period=yesterday").common).toEqual({
      site: "s1",
      period: "day",
      from: "2026-11-20",
    });
    expect(scope("period=lastmonth").common).toMatchObject({ period: "month", from: "2026-10-01" });
    expect(scope("period=24h").common).toMatchObject({
      from: "2026-11-20T11:00Z",
      to: "2026-11-21T11:00Z",
    });
    expect(scope("from=2026-11-01&to=2026-11-03").common).toEqual({
      site: "s1",
      from: "2026-11-01",
      to: "2026-11-03",
    });
  });

  it("carry the filters as JSON", () => {
    const { common } = scope("f=is,source,Google&any=is,page,/a;is,page,/b");
    expect(JSON.parse(String(common.filters))).toEqual([
      ["is", "source", ["Google"]],
      ["or", ["is", "page", ["/a"]], ["is", "page", ["/b"]]],
    ]);
  });

  it("compare numbers with as much as has passed, the chart with the whole", () => {
    const running = scope("period=day&compare=previous");
    expect(totalsQuestion(running).params.compare).toBe("2026-11-20T00:00Z,2026-11-20T10:10Z");
    const state = parseState("period=day&compare=previous");
    expect(seriesQuestion(running, state).params.compare).toBe("2026-11-20,2026-11-20");
  });

  it("do not change from one second to the next", () => {
    const state = parseState("period=7d&compare=previous");
    const [now, soon] = [NOW, NOW + 20_000].map((at) => scopeOf("s1", state, "UTC", at));
    expect(now?.common).toEqual(soon?.common);
    expect(now?.compare).toBe(soon?.compare);
  });

  it("are asked again only while the range runs", () => {
    expect(scope("period=day").askAgainMs).toBe(60_000);
    expect(scope("period=realtime").askAgainMs).toBe(30_000);
    expect(scope("period=yesterday").askAgainMs).toBe(false);
    expect(scope("from=2026-11-01&to=2026-11-03").askAgainMs).toBe(false);
  });

  it("leave the interval of all time to the server", () => {
    const state = parseState("period=all");
    expect(seriesQuestion(scope("period=all"), state).params).not.toHaveProperty("interval");
  });

  it("become an address", () => {
    const question = breakdownQuestion(scope("period=7d"), "source", 9);
    expect(questionPath(question)).toBe(
      "/v1/reports/breakdown?site=s1&period=7d&dimension=source&metrics=visitors&limit=9",
    );
  });
});
