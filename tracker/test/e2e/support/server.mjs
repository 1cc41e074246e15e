import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { sleep } from "./site.mjs";

const run = promisify(execFile);
const BIN = process.env.CLEW_BIN;

/** The real server on a free port, with its data in a folder that goes away. */
export class Server {
  /** `env`: settings besides the defaults. */
  static async start(env = {}) {
    const server = new Server();
    server.folder = await mkdtemp(join(tmpdir(), "clew-e2e-"));
    const port = await freePort();
    server.origin = `http://127.0.0.1:${port}`;
    // The master key is made beside the data folder.
    server.data = join(server.folder, "data");
    const flags = ["--data-dir", server.data, "--listen", `127.0.0.1:${port}`];
    server.log = "";
    const stdio = ["ignore", "pipe", "pipe"];
    server.process = spawn(BIN, ["serve", ...flags], { stdio, env: { ...process.env, ...env } });
    for (const stream of [server.process.stdout, server.process.stderr]) {
      stream.on("data", (text) => {
        server.log = (server.log + text).slice(-20_000);
      });
    }
    await server.#untilAlive();
    server.key = (await server.admin("key", "create", "--role", "admin")).key;
    return server;
  }

  /** An administrative command; its JSON. */
  async admin(...command) {
    const { stdout } = await run(BIN, [...command, "--json", "--data-dir", this.data]);
    return JSON.parse(stdout);
  }

  /** Changes a site, e.g. its privacy profile. */
  async change(site, changes) {
    const reply = await fetch(`${this.origin}/v1/sites/${site}`, {
      method: "PUT",
      headers: { Authorization: `Bearer ${this.key}`, "Content-Type": "application/json" },
      body: JSON.stringify(changes),
    });
    if (!reply.ok) throw new Error(`PUT site: ${reply.status} ${await reply.text()}`);
  }

  async report(name, parameters) {
    const query = new URLSearchParams({ period: "7d", ...parameters });
    const reply = await fetch(`${this.origin}/v1/reports/${name}?${query}`, {
      headers: { Authorization: `Bearer ${this.key}` },
    });
    const body = await reply.json();
    // The event store opens after the listener.
    if (reply.status === 503) return undefined;
    if (!reply.ok) throw new Error(`${name}: ${reply.status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Waits until the site has `expected` page views, and then that it stays so. */
  async pageviews(site, expected) {
    const read = async () => (await this.report("overview", { site }))?.totals.pageviews ?? 0;
    const end = Date.now() + 15_000;
    while ((await read()) < expected && Date.now() < end) await sleep(100);
    await sleep(2500);
    return read();
  }

  async stop() {
    const ended = new Promise((done) => this.process.once("exit", done));
    this.process.kill("SIGTERM");
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }

  async #untilAlive() {
    const end = Date.now() + 20_000;
    while (Date.now() < end) {
      const reply = await fetch(`${this.origin}/health/live`).catch(() => undefined);
      if (reply?.ok) return;
      if (this.process.exitCode !== null) break;
      await sleep(50);
    }
    throw new Error(`the server did not start:\n${this.log}`);
  }
}

function freePort() {
  return new Promise((done) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
