import { invite } from "./people.mjs";
import { addSite, call } from "./server.mjs";
import { PHONE, send } from "./traffic.mjs";
import { until } from "./until.mjs";

/** Texts that visitors, or people who pretend to be, can put into every field. */
const LONG =
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".repeat(4);
export const TEXTS = [
  `<img src=x onerror="window.hostileRan=1;alert(1)">`,
  `<script>window.hostileRan=1;alert(2)</script>`,
  `"><svg onload="window.hostileRan=1">`,
  `'-alert(3)-'`,
  "javascript:window.hostileRan=1",
  "</title></style></textarea><iframe srcdoc='<script>parent.hostileRan=1</script>'>",
  `{{constructor.constructor("window.hostileRan=1")()}}`,
  `\${window.hostileRan=1}`,
  "{n, plural, one {#} other {<0>#</0>}}",
  "<0>rich</0> <1/>",
  "שלום עולם مرحبا بالعالم",
  "safe\u202Egpj.exe\u202C and \u2067isolated",
  "👩‍👩‍👧‍👦🏳️‍🌈".repeat(15),
  "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
  `=HYPERLINK("http://evil.example","click")`,
  "%3Cscript%3Ealert(4)%3C/script%3E",
  "__proto__",
  "a\u0000b\u0007c\u001b[31mred",
  LONG,
  "长".repeat(250),
];

/** Sends every text in every field that a sender can fill, and names site, people and keys so. */
export async function seedHostility(server) {
  await addSite(server, { name: TEXTS[0].slice(0, 60) });
  for (const [n, text] of TEXTS.entries()) {
    const inPath = encodeURIComponent(text).slice(0, 900);
    const utm = ["source", "medium", "campaign", "content", "term"];
    const query = utm.map((name) => `utm_${name}=${encodeURIComponent(text)}`).join("&");
    const page = `http://127.0.0.1/${inPath}`;
    const common = { title: text, referrer: `https://${n}.example/${inPath}?q=${inPath}` };
    const props = { [text.slice(0, 100) || "x"]: text, plain: text };
    await send(
      server,
      "shop",
      [
        { type: "pageview", url: `${page}?${query}`, ...common, props },
        // Of a referrer that is not an address, and a path that is not encoded.
        { type: "pageview", url: `http://127.0.0.1/<b>${n}</b>/'"`, title: text, referrer: text },
        { type: "custom", name: text, url: page, props, value: 1e15, currency: "JPY" },
      ],
      {
        ip: `198.51.100.${n}`,
        agent: n % 2 ? PHONE : `Mozilla/5.0 (${printable(text)}) Chrome/140.0.0.0 Safari/537.36`,
        language: text,
        screen: text,
        tz: text,
      },
    );
  }
  await until("the hostile events", async () => {
    const report = await server.report("overview", { site: "shop" });
    return report?.totals.pageviews === TEXTS.length * 2;
  });
  const email = `"${"x".repeat(50)}"@example.com`.replaceAll('"', "");
  await invite(server, { email, name: TEXTS[0], role: "viewer" });
  await call(server, "POST", "/v1/keys", { name: TEXTS[1], role: "viewer" });
  for (const text of [TEXTS[0], LONG.slice(0, 255)]) {
    const form = {
      formName: text,
      pageUrl: text,
      formSelector: text,
      alternativeSelectors: [text],
    };
    const { formId } = await call(server, "POST", "/v1/clients/shop/forms", form);
    const field = { fieldName: text, fieldSelector: text, fieldType: text, label: text };
    await call(server, "POST", `/v1/forms/${formId}/fields`, field);
  }
}

/** What a header may carry. */
const printable = (text) => text.replace(/[^\x20-\x7e]/g, "?").slice(0, 300);

/** Proof that nothing of it came alive in the page. */
export async function assertHarmless(page, where) {
  const alive = await page.evaluate(() => {
    const planted = "img[src='x'],[onerror],[onload],iframe,script:not([src])";
    return {
      ran: window.hostileRan === 1,
      planted: [...document.querySelectorAll(planted)].map((element) => element.outerHTML),
      links: [...document.querySelectorAll("a[href]")]
        .map((link) => link.getAttribute("href"))
        .filter((href) => /^\s*(javascript|data|vbscript):/i.test(href)),
    };
  });
  if (alive.ran || alive.planted.length || alive.links.length)
    throw new Error(`${where}: hostile text came alive: ${JSON.stringify(alive)}`);
}
