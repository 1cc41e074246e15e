import { handFull } from "./install";

/** A token lives two minutes; this one is asked for anew before. */
const FRESH = 90_000;
/** Longest time that the first batch waits for the visitor that a token names. */
const PATIENCE = 3000;
const PARAMETER = "_clew";

/** Carries the visitor over to the site's other domains: links and forms that lead there get a token
 *  that the server signed, and whoever arrives with one goes on as the same visitor. Only while ids
 *  may be kept; a token that the server does not accept changes nothing. */
handFull((_verbs, _past, purposes, now, shared) => {
  const { config } = shared;
  let token: string | undefined;
  let asked = 0;

  function allowed(): unknown {
    if (shared.optedOut() || purposes.analytics === false) return false;
    return purposes.analytics || config.unknown === "store";
  }

  function call(path: string, body: Record<string, unknown>): Promise<Record<string, string>> {
    const envelope = Object.assign({ site_id: config.siteId, consent: purposes }, body);
    return fetch(shared.endpoint.href.replace(/events$/, path), {
      method: "POST",
      body: JSON.stringify(envelope),
      credentials: config.storage === "cookie" ? "include" : "same-origin",
    }).then((reply) => {
      if (!reply.ok) throw new Error(`${reply.status}`);
      return reply.json();
    });
  }

  /** Where the link leads, if to another domain of this site. */
  function elsewhere(address: string): URL | undefined {
    try {
      const url = new URL(address, location.href);
      const other = /^https?:$/.test(url.protocol) && url.host !== location.host;
      if (other && (config.domains || []).some((domain) => covers(domain, url))) return url;
    } catch {}
  }

  /** Asks for a token while there is something to put it on, so that it is there at the click. */
  function prepare(): void {
    const links = document.querySelectorAll<HTMLAnchorElement>("a[href],form[action]");
    const wanted = Array.prototype.some.call(links, (link) => elsewhere(target(link)));
    if (!wanted || document.hidden || !allowed() || Date.now() - asked < FRESH) return;
    const visitor_id = now()[1].visitor_id;
    if (!visitor_id && config.storage !== "cookie") return;
    asked = Date.now();
    call("link", { visitor_id }).then(
      (reply) => {
        token = reply.token;
      },
      () => {
        token = undefined;
      },
    );
  }

  function decorate(event: Event): void {
    const from = event.composedPath()[0] as Element;
    const link = from.closest && from.closest("a[href],form[action]");
    const url = link && elsewhere(target(link));
    // An old token would be refused over there.
    if (!url || !token || !allowed() || Date.now() - asked > FRESH + 25_000) return;
    const form = link as HTMLFormElement;
    if (link.tagName === "FORM" && !/^post$/i.test(form.getAttribute("method") || "")) {
      fill(form, token);
    } else {
      url.searchParams.set(PARAMETER, token);
      link.setAttribute(link.tagName === "FORM" ? "action" : "href", url.href);
    }
  }

  if (shared.token && allowed()) {
    shared.hold(Date.now() + PATIENCE);
    call("link/open", { token: shared.token })
      .then((reply) => {
        // The answer may have changed meanwhile.
        if (!allowed() || !reply.visitor_id || config.storage === "cookie") return;
        now()[1].visitor_id = reply.visitor_id;
        shared.storage("setItem");
      })
      .catch(() => {})
      .then(() => shared.hold(0));
  }

  // What comes before a link is followed, by whichever button, finger or key.
  "mousedown touchstart keydown submit".split(" ").forEach((type) => {
    addEventListener(type, decorate, true);
  });
  "load pageshow visibilitychange".split(" ").forEach((type) => {
    addEventListener(type, prepare, true);
  });
  setInterval(prepare, 5000);
  setTimeout(prepare, 0);
});

/** `*.a.example` covers the subdomains of a.example. */
function covers(domain: string, url: URL): boolean {
  if (domain.indexOf(":") > 0) return url.host === domain;
  if (domain.indexOf("*.")) return url.hostname === domain;
  return url.hostname.slice(-domain.length + 1) === domain.slice(1);
}

function target(link: Element): string {
  return link.getAttribute("href") || link.getAttribute("action") || "";
}

/** A form that is sent by GET loses the parameters of its address. */
function fill(form: HTMLFormElement, token: string): void {
  let field = form.querySelector<HTMLInputElement>(`input[name=${PARAMETER}]`);
  if (!field) {
    field = document.createElement("input");
    field.type = "hidden";
    field.name = PARAMETER;
    form.appendChild(field);
  }
  field.value = token;
}
