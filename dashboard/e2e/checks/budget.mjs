import http from "node:http";
import { open } from "../support/pages.mjs";
import { signInOwner } from "../support/people.mjs";
import { addSite } from "../support/server.mjs";
import { seedVisits } from "../support/traffic.mjs";

const LIMIT = 150_000;

/** Bytes of a file as it travels with gzip. */
function gzipped(url) {
  return new Promise((done, fail) => {
    const headers = { "Accept-Encoding": "gzip" };
    const request = http.get(url, { headers }, (reply) => {
      let bytes = 0;
      reply.on("data", (piece) => {
        bytes += piece.length;
      });
      reply.on("end", () => done(bytes));
    });
    request.on("error", fail);
  });
}

async function firstLoad(page, server, path) {
  const scripts = new Set();
  const note = (reply) => {
    if (reply.request().resourceType() === "script") scripts.add(reply.url());
  };
  page.on("response", note);
  await open(page, server, path);
  await page.waitForLoadState("networkidle");
  page.off("response", note);
  const sizes = await Promise.all([...scripts].map(gzipped));
  return sizes.reduce((sum, size) => sum + size, 0);
}

export default [
  {
    name: "the first visit of the overview loads at most 150 KB of script",
    only: "chromium",
    async run({ page, context, newContext, server }) {
      const stranger = await (await newContext()).newPage();
      const login = await firstLoad(stranger, server, "/login");
      await signInOwner(context, server);
      await addSite(server);
      await seedVisits(server, "shop");
      const overview = await firstLoad(page, server, "/shop");
      console.log(`     first load, gzip: login ${login} B, overview ${overview} B`);
      if (!login || !overview) throw new Error("no script was loaded");
      for (const bytes of [login, overview])
        if (bytes > LIMIT) throw new Error(`${bytes} bytes of script; ${LIMIT} are allowed`);
    },
  },
];
