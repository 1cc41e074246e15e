import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { assertHarmless } from "../support/hostile.mjs";
import { open, type } from "../support/pages.mjs";
import { signInOwner } from "../support/people.mjs";
import { addSite, call } from "../support/server.mjs";
import { ANNA, BERT, seedPeople } from "../support/visitors.mjs";
import { findings } from "./accessibility.mjs";

/** An id that a site may well have given, and that nothing may take for markup or turn around. */
const EVIL = `<img src=x onerror="window.hostileRan=1">\u202Eשלום`;

async function prepare({ context, server }) {
  await signInOwner(context, server);
  await addSite(server, { profile: "standard" });
  await seedPeople(server, "shop", EVIL);
}

const region = (page, name) => page.getByRole("region", { name, exact: true });

async function download(page, link) {
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return readFile(await file.path(), "utf8");
}

export default [
  {
    name: "the privacy page says what is kept, and makes the record of processing",
    async run({ page, context, server, browserName }) {
      await prepare({ context, server });
      await open(page, server, "/shop/privacy");
      const kept = region(page, "What is kept, by what a visitor answers").first();
      await kept.getByRole("columnheader", { name: "Said yes" }).waitFor();
      await kept.getByRole("row", { name: /An id that recognises the browser/ }).waitFor();
      await region(page, "Salts of the daily hash").getByText("Log unbroken").waitFor();
      await region(page, "Retention").getByText("180 days").waitFor();
      const record = region(page, "Record of processing");
      await record.getByRole("button", { name: "Read it here" }).click();
      await record.getByRole("heading", { name: /Record of processing activities/ }).waitFor();
      const text = await download(page, record.getByRole("link", { name: "Markdown" }));
      assert.match(text, /^# Record of processing activities/);
      if (browserName === "chromium") assert.deepEqual(await findings(page), []);
    },
  },
  {
    name: "somebody is exported, then erased step by step, and a certificate says so",
    async run({ page, context, server }) {
      await prepare({ context, server });
      await open(page, server, `/shop/visitors/${ANNA}`);
      await page.getByRole("link", { name: "Export …" }).click();
      const exports = region(page, "Export a person’s data");
      await page.waitForFunction(() => location.hash === "#export");
      assert.equal(await exports.getByLabel("Visitor id").last().inputValue(), ANNA);
      await exports.getByRole("button", { name: "Export", exact: true }).click();
      await exports.getByText("Ready").waitFor();
      const json = await download(page, exports.getByRole("link", { name: "JSON" }));
      assert.match(json, /\/demo\/products/);

      await open(page, server, `/shop/privacy?${new URLSearchParams({ user: EVIL })}`);
      const erase = region(page, "Erase a person");
      assert.equal(await erase.getByLabel("User id").last().inputValue(), EVIL);
      await erase.getByRole("button", { name: "Erase …" }).click();
      const dialog = page.locator("dialog[open]");
      await dialog.getByText(EVIL).waitFor();
      await dialog.getByText("This cannot be undone.").waitFor();
      await assertHarmless(page, "the question before an erasure");
      await dialog.getByRole("button", { name: "Erase everything" }).click();
      await erase.getByText("Done").waitFor();
      // One that was done at once begins closed.
      const item = erase.locator("details").first();
      if (!(await item.evaluate(({ open }) => open))) await item.locator("summary").click();
      const steps = item.getByRole("list", { name: "Steps" });
      await steps.getByText("Journal", { exact: true }).waitFor();
      const certificate = JSON.parse(
        await download(page, erase.getByRole("link", { name: "Certificate" })),
      );
      assert.ok(!JSON.stringify(certificate).includes(ANNA), "a certificate names nobody");

      const { visitors } = await call(server, "GET", "/v1/sites/shop/visitors");
      assert.deepEqual(
        visitors.map(({ visitorId }) => visitorId),
        [BERT],
      );
      await open(page, server, "/shop/visitors");
      await page.getByRole("link", { name: BERT }).waitFor();
      assert.equal(await page.getByText(ANNA).count(), 0);
    },
  },
  {
    name: "a visitor is found by the id that the site gave, merged with another and separated again",
    async run({ page, context, server, browserName }) {
      await prepare({ context, server });
      await open(page, server, "/shop/visitors");
      await type(page.getByRole("searchbox"), "somebody else");
      await page.getByRole("button", { name: "Search", exact: true }).click();
      await page.getByText("Nobody has this id").waitFor();
      // Not every browser types what turns a text around, so the address has it.
      await open(page, server, `/shop/visitors?${new URLSearchParams({ query: EVIL })}`);
      await page.getByRole("table", { name: "Found visitors" }).waitFor();
      await page.getByRole("link", { name: ANNA }).click();
      await region(page, "How they came").getByText("First touch").waitFor();
      await page.getByRole("tab", { name: "Linear" }).click();
      await region(page, "Attribution").getByText("100%").waitFor();
      await assertHarmless(page, "a visitor");
      if (browserName === "chromium") assert.deepEqual(await findings(page), []);

      const person = region(page, "Person");
      await person.getByRole("button", { name: "Merge …" }).click();
      const dialog = page.locator("dialog[open]");
      await type(dialog.getByLabel("Visitor id").last(), BERT);
      await dialog.getByRole("button", { name: "Merge", exact: true }).click();
      await person.getByRole("link", { name: BERT }).waitFor();
      await page.getByRole("button", { name: "Undo" }).click();
      await page.getByText("Undone.").waitFor();
      await person.getByRole("link", { name: BERT }).waitFor({ state: "detached" });
    },
  },
  {
    name: "the audit log shows what changed and that it is whole",
    async run({ page, context, server, browserName }) {
      await signInOwner(context, server);
      await addSite(server);
      await call(server, "PUT", "/v1/sites/shop", { name: EVIL, profile: "hipaa" });
      await open(page, server, "/settings/audit");
      await page.getByText("The log is whole").waitFor();
      const row = page.getByRole("row", { name: /site\.update/ }).first();
      await row.getByText("profile").waitFor();
      assert.match(await row.textContent(), /gdpr.*hipaa/);
      await row.getByRole("button", { name: /Copy the hash of entry/ }).waitFor();
      await assertHarmless(page, "the audit log");
      if (browserName === "chromium") assert.deepEqual(await findings(page), []);
    },
  },
];
