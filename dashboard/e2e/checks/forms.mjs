import assert from "node:assert/strict";
import { assertHarmless } from "../support/hostile.mjs";
import { open, overflow, settled, type } from "../support/pages.mjs";
import { signInAs, signInOwner } from "../support/people.mjs";
import { addSite, call } from "../support/server.mjs";
import { findings } from "./accessibility.mjs";

const EVIL = `<img src=x onerror="window.hostileRan=1">`;
const dialog = (page) => page.locator("dialog[open]");
const saved = (page) => page.getByText("Saved.").last().waitFor();
const formsOf = async (server) => (await call(server, "GET", "/v1/clients/shop/forms")).forms;
const fieldNames = async (server, { formId }) => {
  const { fields } = await call(server, "GET", `/v1/forms/${formId}/fields`);
  return fields.map(({ fieldName }) => fieldName);
};

/** What a field of the open dialog says is wrong with it. */
const problemOf = (page, label) =>
  dialog(page)
    .getByLabel(label, { exact: true })
    .locator("xpath=..")
    .getByText("characters are needed");

async function addForm(page) {
  await page.getByRole("button", { name: "New form" }).click();
  // Nothing but spaces: the browser takes it, the server says which field it does not take.
  await type(dialog(page).getByLabel("Name"), "   ");
  await type(dialog(page).getByLabel("Page"), "/demo/contact");
  await type(dialog(page).getByLabel("CSS selector"), "#contact");
  await dialog(page).getByRole("button", { name: "Add the form" }).click();
  await problemOf(page, "Name").waitFor();
  await type(dialog(page).getByLabel("Name"), "Contact");
  await type(dialog(page).getByLabel("Other selectors"), "form.contact\n\nform:first-of-type");
  await dialog(page).getByRole("button", { name: "Add the form" }).click();
  await saved(page);
}

async function addField(page, name, kind) {
  await page.getByRole("button", { name: "Add a field to Contact" }).click();
  await type(dialog(page).getByLabel("Name"), name);
  await dialog(page).getByLabel("Type").selectOption(kind);
  assert.equal(await dialog(page).getByLabel("CSS selector").inputValue(), `[name="${name}"]`);
  await dialog(page).getByRole("button", { name: "Add the field" }).click();
  // Then the focus goes back to where it was.
  await dialog(page).waitFor({ state: "detached" });
  await page
    .getByRole("list", { name: "Fields of Contact" })
    .getByText(name, { exact: true })
    .waitFor();
}

/** The only form of the site, with two fields. */
async function prepare(server) {
  await addSite(server);
  const form = await call(server, "POST", "/v1/clients/shop/forms", {
    formName: "Contact",
    pageUrl: "/demo/contact",
    formSelector: "#contact",
  });
  for (const fieldName of ["email", EVIL])
    await call(server, "POST", `/v1/forms/${form.formId}/fields`, {
      fieldName,
      fieldSelector: `[name="${fieldName === EVIL ? "evil" : fieldName}"]`,
      fieldType: "text",
      label: fieldName,
    });
  return form;
}

export default [
  {
    name: "a form is described with its fields, changed and deleted",
    alone: true,
    expected: [{ status: 422, path: /^\/v1\/clients\/[^/]+\/forms$/ }],
    async run({ page, context, server, browserName }) {
      await signInOwner(context, server);
      await addSite(server);
      await open(page, server, "/shop/forms");
      await page.getByText("No form described yet").waitFor();
      await addForm(page);
      const [form] = await formsOf(server);
      assert.deepEqual(
        [form.formName, form.formSelector, form.alternativeSelectors, form.isActive],
        ["Contact", "#contact", ["form.contact", "form:first-of-type"], true],
      );
      await addField(page, "email", "email");
      await addField(page, "message", "textarea");
      if (browserName === "chromium") assert.deepEqual(await findings(page), []);

      // By keys alone.
      await page.getByRole("button", { name: "Move message up" }).press("Enter");
      await page.getByText("message is now 1 of 2.").waitFor({ state: "attached" });
      assert.deepEqual(await fieldNames(server, form), ["message", "email"]);

      await page.getByRole("button", { name: "Edit email" }).click();
      await type(dialog(page).getByLabel("Label"), "Your e-mail");
      await dialog(page).getByLabel("Required").check();
      if (browserName === "chromium") assert.deepEqual(await findings(page), []);
      await dialog(page).getByRole("button", { name: "Save" }).click();
      const email = page.getByRole("listitem").filter({ hasText: '[name="email"]' });
      await email.getByText("Required").waitFor();

      await page.getByRole("button", { name: "Delete message" }).click();
      await dialog(page).getByRole("button", { name: "Delete the field" }).click();
      await page.getByText("The field message is deleted.").waitFor();
      assert.deepEqual(await fieldNames(server, form), ["email"]);

      await page.getByRole("button", { name: "Edit Contact" }).click();
      await dialog(page).getByLabel("Active").uncheck();
      await dialog(page).getByRole("button", { name: "Save" }).click();
      await page.getByText("Paused", { exact: true }).waitFor();

      await page.getByRole("button", { name: "Delete Contact" }).click();
      await dialog(page).getByText("This cannot be undone.").waitFor();
      await dialog(page).getByRole("button", { name: "Delete the form" }).click();
      await page.getByText("No form described yet").waitFor();
      assert.deepEqual(await formsOf(server), []);
    },
  },
  {
    name: "forms can be read and not changed by a viewer, on a phone too",
    viewport: { width: 375, height: 800 },
    async run({ page, context, newContext, server, browserName }) {
      await signInOwner(await newContext(), server);
      await prepare(server);
      await signInAs(context, server, { email: "bo@example.com", name: "Bo", role: "viewer" });
      await open(page, server, "/shop/forms");
      const fields = page.getByRole("list", { name: "Fields of Contact" });
      await fields.getByText(EVIL).first().waitFor();
      await settled(page);
      assert.equal(await page.locator("main").getByRole("button").count(), 0);
      assert.equal(await overflow(page), 0);
      await assertHarmless(page, "forms");
      if (browserName === "chromium") assert.deepEqual(await findings(page), []);
    },
  },
];
