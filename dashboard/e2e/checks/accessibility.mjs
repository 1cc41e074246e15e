import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  open,
  openPages,
  SIGNED_IN_PAGES,
  seeAll,
  setTheme,
  setUpPages,
} from "../support/pages.mjs";
import { invite, signInOwner } from "../support/people.mjs";
import { addSite } from "../support/server.mjs";
import { seedVisits } from "../support/traffic.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds on the page as it stands: serious and critical findings, as text. */
export async function findings(page) {
  // Not a script tag: the page's policy rightly forbids that.
  await page.evaluate(axe);
  const violations = await page.evaluate(
    async (values) => (await window.axe.run({ runOnly: { type: "tag", values } })).violations,
    TAGS,
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map((node) => node.html).join(" | ")}`,
    );
}

async function audit(page, server, pages) {
  const found = [];
  for (const { name, path } of pages) {
    for (const theme of ["light", "dark"]) {
      await open(page, server, path);
      await seeAll(page);
      await setTheme(page, theme);
      for (const finding of await findings(page)) found.push(`${name} (${theme}): ${finding}`);
    }
  }
  if (found.length) throw new Error(`axe found\n${found.join("\n")}`);
}

export default [
  {
    name: "pages for anybody have no serious accessibility findings in either theme",
    only: "chromium",
    async run({ page, newContext, server }) {
      await audit(page, server, setUpPages(server));
      await signInOwner(await newContext(), server);
      const link = await invite(server, { email: "bo@example.com", name: "Bo", role: "viewer" });
      await audit(page, server, openPages(link));
    },
  },
  {
    name: "pages behind the login have no serious accessibility findings in either theme",
    only: "chromium",
    async run({ page, context, server }) {
      await signInOwner(context, server);
      await addSite(server);
      await seedVisits(server, "shop");
      await audit(page, server, SIGNED_IN_PAGES);
    },
  },
  {
    name: "on a phone no page has serious accessibility findings",
    only: "chromium",
    viewport: { width: 375, height: 800 },
    async run({ page, context, server }) {
      await signInOwner(context, server);
      await addSite(server);
      await seedVisits(server, "shop");
      await audit(page, server, SIGNED_IN_PAGES);
    },
  },
];
