import { Server } from "../../../tracker/test/e2e/support/server.mjs";

/** The real server with its dashboard, on a free port and fresh data. */
const SETTINGS = {
  CLEW_RATE_LIMIT_PER_MINUTE: "0",
  // Seeded visitors state their own addresses.
  CLEW_TRUSTED_PROXIES: "127.0.0.1",
};

export async function startServer(env = {}) {
  const server = await Server.start({ ...SETTINGS, ...env });
  server.setUpLink = setUpLink(server.log);
  return server;
}

/** The one-time link that the first start prints. */
function setUpLink(log) {
  const link = /https?:\/\/\S+\/app\/setup#\S+/.exec(log)?.[0];
  if (!link) throw new Error(`no set-up link in the output:\n${log}`);
  return link;
}

/** Calls the management API as somebody signed in does (`headers.Cookie`), or with the
 *  administrator's key. */
export async function call(server, method, path, body, headers = {}) {
  const reply = await fetch(server.origin + path, {
    method,
    headers: {
      ...(headers.Cookie ? {} : { Authorization: `Bearer ${server.key}` }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
  return text && reply.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
}

export const addSite = (server, site = {}) =>
  call(server, "POST", "/v1/sites", {
    name: "Shop",
    domains: ["127.0.0.1"],
    slug: "shop",
    ...site,
  });
