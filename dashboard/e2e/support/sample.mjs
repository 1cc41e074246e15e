import { call } from "./server.mjs";
import { until } from "./until.mjs";

const PATIENCE = 15 * 60_000;

/** Loads sample data into a site and waits until reports have all of it. */
export async function loadSample(server, site, body = {}) {
  await call(server, "POST", `/v1/sites/${site}/sample-data`, body);
  await until(
    "the sample data",
    async () => {
      const sample = await call(server, "GET", `/v1/sites/${site}/sample-data`);
      if (sample.state === "failed") throw new Error(`sample data failed: ${sample.message}`);
      return sample.state === "ready";
    },
    PATIENCE,
  );
}
