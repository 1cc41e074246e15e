import { i18n } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import { beforeAll, describe, expect, it } from "vitest";
import type { Site } from "../../api/types";
import { INITIAL_STATE, parseState } from "../../lib/state/overview";
import { commandsFor, matching } from "./commands";

beforeAll(() => {
  i18n.setMessagesCompiler(compileMessage);
  i18n.loadAndActivate({ locale: "en", messages: {} });
});

const site = { siteId: "1", slug: "shop", name: "Shop", domains: ["shop.example"] } as Site;
const other = { siteId: "2", slug: null, name: "Blog", domains: ["blog.example"] } as Site;
const where = { sites: [site, other], site, state: INITIAL_STATE, typed: "" };

describe("the palette", () => {
  it("finds sites by name and domain", () => {
    const found = matching(commandsFor({ ...where, typed: "blog.ex" }), "blog.ex");
    expect(found[0]?.href).toBe("/2");
  });

  it("keeps the rest of the view when it changes the period", () => {
    const state = parseState("f=is,source,Google&metric=visits");
    const week = commandsFor({ ...where, state }).find(({ key }) => key === "period 7d");
    expect(week?.href).toBe("/shop?period=7d&metric=visits&f=is,source,Google");
  });

  it("offers to filter for what was typed, after everything else", () => {
    const found = matching(commandsFor({ ...where, typed: "today" }), "today");
    expect(found.map(({ key }) => key)).toEqual(["period day", "filter page", "filter source"]);
    expect(found[1]?.href).toBe("/shop?f=contains,page,today");
  });

  it("offers no periods and filters where no site is open", () => {
    const keys = commandsFor({ ...where, site: null, state: null, typed: "x" }).map(
      ({ key }) => key,
    );
    expect(keys.some((key) => /^(period|filter|page)/.test(key))).toBe(false);
  });
});
