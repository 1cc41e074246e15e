import { send } from "./traffic.mjs";
import { until } from "./until.mjs";

/** Visitors with ids of their own, for sites whose profile keeps them without asking. */
export const ANNA = "018f3f60-0000-7000-8000-00000000a11a";
export const BERT = "018f3f60-0000-7000-8000-00000000be27";

const page = (path, query = "") => ({
  type: "pageview",
  url: `http://127.0.0.1${path}${query}`,
});

/** Two browsers, of which the first one is signed in as `user`. */
export async function seedPeople(server, site, user) {
  const first = [page("/demo/", "?utm_source=google&utm_medium=cpc"), page("/demo/products")];
  await send(server, site, first, { ip: "198.51.100.1", visitor_id: ANNA, user_id: user });
  await send(server, site, [page("/demo/contact")], { ip: "198.51.100.2", visitor_id: BERT });
  await until("the seeded people", async () => {
    const report = await server.report("overview", { site });
    return report?.totals.pageviews === 3;
  });
}
