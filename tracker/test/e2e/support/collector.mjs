import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";

const DIST = join(import.meta.dirname, "../../../dist");

/** A web site and a collector in one: serves pages and the built scripts, keeps what is posted, and
 *  answers as the check wants. */
export class Collector {
  /** Posted batches in order: `{method, type, origin, body, text, at}`. */
  requests = [];
  preflights = 0;
  /** Names of the scripts that were fetched. */
  scripts = [];
  /** Calls of the linker: `{path, body}`. */
  links = [];
  pages = new Map();
  /** Scripts of families by path: `{family, config}`. */
  families = new Map();
  /** What to answer: `(number of the request, from 1) → {status, headers, hang, destroy}`. */
  answer = () => ({ status: 200 });

  static async start(host = "127.0.0.1") {
    const collector = new Collector();
    collector.server = createServer((request, response) => {
      collector.#handle(request, response).catch((error) => response.destroy(error));
    });
    await new Promise((done) => collector.server.listen(0, "127.0.0.1", done));
    collector.origin = `http://${host}:${collector.server.address().port}`;
    return collector;
  }

  /** From now on what is posted goes on to the real server, and its answer back. */
  forwardTo(origin) {
    this.forward = origin;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }

  /** Serves `html` (or a whole page around a script tag with these attributes) at `path`. */
  page(path, html, headers = {}) {
    this.pages.set(path, { html, headers });
    return this.origin + path;
  }

  /** Serves the script of a family at `path`; `config` are the site's settings in front of it. */
  family(path, family, config) {
    this.families.set(path, { family, config });
    return this.origin + path;
  }

  get events() {
    return this.requests.flatMap((request) => request.body.events);
  }

  /** Each id once, as the server counts. */
  get counted() {
    return [...new Map(this.events.map((event) => [event.id, event])).values()];
  }

  ofType(type) {
    return this.counted.filter((event) => event.type === type);
  }

  async until(what, holds, timeout = 8000) {
    const end = Date.now() + timeout;
    while (!holds()) {
      if (Date.now() > end) {
        const seen = this.events.map((event) => `${event.type} ${event.url} ${event.name ?? ""}`);
        throw new Error(`waited in vain for ${what}; seen: ${JSON.stringify(seen)}`);
      }
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  async #handle(request, response) {
    const url = new URL(request.url, this.origin);
    if (/\/(v1\/events|track)$/.test(url.pathname)) return this.#collect(request, response, url);
    if (url.pathname.startsWith("/v1/link")) return this.#link(request, response, url);
    const script = /^\/(?:c|m)\/([\w./-]+\.js)$/.exec(url.pathname);
    if (script) {
      this.scripts.push(script[1]);
      const folder = url.pathname.startsWith("/m/") ? join(DIST, "m") : DIST;
      response.writeHead(200, {
        "Content-Type": "text/javascript",
        "Access-Control-Allow-Origin": "*",
      });
      return response.end(await readFile(join(folder, script[1])));
    }
    const own = this.families.get(url.pathname);
    if (own) return this.#script(own, response);
    const page = this.pages.get(url.pathname);
    if (!page) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...page.headers });
    return response.end(page.html);
  }

  async #script({ family, config }, response) {
    response.writeHead(200, {
      "Content-Type": "text/javascript",
      "Access-Control-Allow-Origin": "*",
    });
    const front = config
      ? `window.ClewConfig=Object.assign(window.ClewConfig||{},${JSON.stringify(config)});\n`
      : "";
    return response.end(front + (await readFile(join(DIST, `families/${family}.js`), "utf8")));
  }

  async #collect(request, response, url) {
    if (request.method === "OPTIONS") {
      this.preflights++;
      return response.writeHead(204).end();
    }
    let text = "";
    for await (const piece of request) text += piece;
    const { headers } = request;
    this.requests.push({
      path: url.pathname,
      type: headers["content-type"],
      // Chromium and Firefox label beacons no-cors, and fetch to another origin or our own cors.
      beacon: headers["sec-fetch-mode"] === "no-cors",
      cookie: headers.cookie,
      at: Date.now(),
      text,
      body: JSON.parse(text),
    });
    if (this.forward) return this.#pass(request, response, url, text);
    const reply = this.answer(this.requests.length);
    if (reply.hang) return undefined;
    if (reply.destroy) return request.socket.destroy();
    response.writeHead(reply.status, {
      "Content-Type": "application/json",
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Expose-Headers": "Retry-After",
      ...reply.headers,
    });
    return response.end('{"accepted":1,"duplicates":0,"quarantined":[],"not_counted":[]}');
  }

  /** Hands out tokens, once per visitor, and takes back those it made. */
  async #link(request, response, url) {
    let text = "";
    for await (const piece of request) text += piece;
    const body = JSON.parse(text);
    this.links.push({ path: url.pathname, body });
    const opened = /^(.+)\.t0\.good$/.exec(body.token ?? "");
    const refused = url.pathname.endsWith("/open") && !opened;
    const headers = { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" };
    response.writeHead(refused ? 422 : 200, headers);
    if (refused) return response.end('{"error":{"code":"link_refused","message":"no"}}');
    const reply = opened ? { visitor_id: opened[1] } : { token: `${body.visitor_id}.t0.good` };
    return response.end(JSON.stringify(reply));
  }

  async #pass(request, response, url, body) {
    const noted = this.requests.at(-1);
    const headers = {};
    for (const name of ["content-type", "origin", "referer", "user-agent", "sec-gpc", "cookie"]) {
      if (request.headers[name]) headers[name] = request.headers[name];
    }
    const reply = await fetch(this.forward + url.pathname, { method: "POST", headers, body });
    noted.status = reply.status;
    noted.reply = await reply.text();
    const cookie = reply.headers.get("set-cookie");
    response.writeHead(reply.status, {
      "Content-Type": "application/json",
      ...(cookie && { "Set-Cookie": cookie }),
    });
    return response.end(noted.reply);
  }
}
