import { assertHarmless, seedHostility } from "../support/hostile.mjs";
import { open, overflow, SIGNED_IN_PAGES, seeAll, settled } from "../support/pages.mjs";
import { signInOwner } from "../support/people.mjs";

const WIDTHS = [375, 1280];
const TABS = "main [role=tab]";

async function walk({ page, context, server }) {
  const dialogs = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    return dialog.dismiss();
  });
  await signInOwner(context, server, {
    email: "ada@example.com",
    name: `<b onclick="window.hostileRan=1">${"Ada".repeat(30)}`,
  });
  await seedHostility(server);
  const wide = [];
  const look = async (where) => {
    await assertHarmless(page, where);
    const over = await overflow(page);
    if (over > 0) wide.push(`${where}: ${over} px`);
  };
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const { name, path } of SIGNED_IN_PAGES) {
      await open(page, server, path);
      await seeAll(page);
      await look(`${name} at ${width} px`);
      // Every tab has rows of its own.
      for (let tab = 0; tab < (await page.locator(TABS).count()); tab++) {
        await page.locator(TABS).nth(tab).click();
        await settled(page);
        await look(`${name} at ${width} px, tab ${tab}`);
      }
    }
  }
  if (dialogs.length) throw new Error(`a dialog opened: ${dialogs}`);
  if (wide.length) throw new Error(`wider than the window:\n${wide.join("\n")}`);
}

export default [
  { name: "text from strangers breaks no page and runs nothing, on a phone or a desk", run: walk },
];
