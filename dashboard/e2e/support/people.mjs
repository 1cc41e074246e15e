import { call } from "./server.mjs";

export const PASSWORD = "follow the red thread";
export const OWNER = { email: "ada@example.com", name: "Ada Owner" };

/** Makes the first owner and signs `context` in as her. */
export async function signInOwner(context, server, owner = OWNER) {
  const token = new URL(server.setUpLink).hash.slice(1);
  await enter(context, server, "/v1/setup", { token, ...owner, password: PASSWORD });
}

/** Makes a user; the address of the invitation. Keys make no people, so the owner does. */
export async function invite(server, user) {
  const headers = { Cookie: await ownersCookie(server) };
  return (await call(server, "POST", "/v1/users", user, headers)).link.url;
}

/** A session of the first owner, who is made when there is none yet. */
async function ownersCookie(server) {
  const post = (path, data) =>
    fetch(server.origin + path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(data),
    });
  const { email } = OWNER;
  let reply = await post("/v1/session", { email, password: PASSWORD });
  if (!reply.ok) {
    const token = new URL(server.setUpLink).hash.slice(1);
    reply = await post("/v1/setup", { token, ...OWNER, password: PASSWORD });
  }
  if (!reply.ok) throw new Error(`no owner: ${reply.status} ${await reply.text()}`);
  return reply.headers.get("set-cookie").split(";")[0];
}

/** Signs `context` in as a new user with this role. */
export async function signInAs(context, server, user) {
  const token = new URL(await invite(server, user)).hash.slice(1);
  await enter(context, server, "/v1/links/redeem", { token, password: PASSWORD });
}

async function enter(context, server, path, data) {
  const headers = { Origin: server.origin };
  const reply = await context.request.post(server.origin + path, { data, headers });
  if (!reply.ok()) throw new Error(`${path}: ${reply.status()} ${await reply.text()}`);
}
