import { until } from "./until.mjs";

const BROWSER =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
export const PHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const HOUR = 3_600_000;

/** Sends one visitor's events. Without key or Origin, as a server of the site would. */
export async function send(server, site, events, sender = {}) {
  const { ip = "203.0.113.7", agent = BROWSER, ...rest } = sender;
  const reply = await fetch(`${server.origin}/v1/events`, {
    method: "POST",
    headers: { "X-Forwarded-For": ip, "User-Agent": agent, "Content-Type": "application/json" },
    body: JSON.stringify({ site_id: site, ...rest, events }),
  });
  const receipt = await reply.json();
  if (
    receipt.accepted !== events.length ||
    receipt.quarantined.length ||
    receipt.not_counted.length
  )
    throw new Error(`not all were counted: ${JSON.stringify(receipt)}`);
}

const SOURCES = [
  { query: "?utm_source=news&utm_medium=email&utm_campaign=spring" },
  { referrer: "https://www.google.com/" },
  { query: "?utm_source=google&utm_medium=cpc&utm_campaign=lanterns" },
  {},
  { referrer: "https://news.ycombinator.com/item?id=1" },
];
const WALKS = [
  ["/demo/", "/demo/products", "/demo/products/lantern"],
  ["/demo/products/compass"],
  ["/demo/", "/demo/contact"],
  ["/demo/products", "/demo/cart", "/demo/checkout", "/demo/thank-you"],
];

/** A small, always equal history: visits of the last six days with sources, devices, an event. */
export async function seedVisits(server, site, visits = 40) {
  const now = Date.now();
  let pageviews = 0;
  for (let n = 0; n < visits; n++) {
    const source = SOURCES[n % SOURCES.length];
    const begin = now - HOUR - ((n * 3.5 * HOUR) % (144 * HOUR));
    const events = WALKS[n % WALKS.length].map((path, step) => ({
      type: "pageview",
      url: `http://127.0.0.1${path}${step ? "" : (source.query ?? "")}`,
      title: `Page ${path}`,
      t: begin + step * 30_000,
      ...(step ? {} : { referrer: source.referrer }),
    }));
    pageviews += events.length;
    const url = "http://127.0.0.1/demo/";
    if (n % 3 === 0) events.push({ type: "custom", name: "add_to_cart", url, t: begin + 95_000 });
    const agent = [BROWSER, PHONE, FIREFOX][n % 3];
    await send(server, site, events, {
      ip: `198.51.${n % 100}.${n % 7}`,
      agent,
      language: "de-AT",
    });
  }
  await until("the seeded page views", async () => {
    const report = await server.report("overview", { site, period: "7d" });
    return report?.totals.pageviews === pageviews;
  });
  return { visits, pageviews };
}
