import assert from "node:assert/strict";
import { FAMILIES, FORM, fillIn, TYPED, tagOf } from "../support/families.mjs";
import { sleep, stored, TALL } from "../support/site.mjs";
import { noteWrites, storageOf } from "../support/traffic.mjs";

const NAMES = Object.keys(FAMILIES);
const MAKES_LEADS = ["pixel", "client", "pulse"];

/** Firefox gives the focus, and its events, to one window at a time: such checks run alone. */
const documentOf = (head, body = "") =>
  `<!doctype html><html><head><title>A page</title>${head}</head><body>${body}</body></html>`;

/** A page with the family's tag; waits until it has counted itself. */
async function visit({ page, collector }, name, { body = "", head = "", ...tag } = {}) {
  await page.goto(collector.page("/a", documentOf(head + tagOf(collector, name, tag), body)));
  await collector.until("the view", () => collector.ofType("pageview").length > 0);
}

const scrollDown = (page) => page.evaluate(() => scrollTo(0, document.body.scrollHeight));

/** A way to put a family's tag into a page: the page is counted, for the right site, at the right
 *  address. */
const found = (name, how, make) => ({
  name: `family ${name}: the tag is found, ${how}`,
  async run({ page, collector }) {
    const family = FAMILIES[name];
    collector.family(family.path, family.file ?? name, family.config);
    await page.goto(collector.page("/a", documentOf(make(family, collector))));
    await collector.until("the view", () => collector.ofType("pageview").length > 0);
    const [request] = collector.requests;
    assert.equal(request.body.site_id, "found");
    assert.equal(request.path, name === "trackveil" ? "/track" : "/v1/events");
    await sleep(300);
    assert.equal(collector.ofType("pageview").length, 1);
  },
});

const inject = (path, settings) =>
  `<script>(function(){var s=document.createElement("script");s.async=true;s.src="${path}";` +
  `${settings}document.head.appendChild(s)})()</script>`;

const attribute = (family) => (family.attribute ? `s.dataset.${family.attribute}="found";` : "");
const plain = (how) => (family) =>
  `<script ${how} src="${family.path}" ${family.attributes ?? ""}></script>`;

const ways = NAMES.flatMap((name) => [
  found(name, "async", plain("async")),
  found(name, "defer", plain("defer")),
  found(name, "a module", plain('type="module"')),
  found(name, "injected", (family) => inject(family.path, attribute(family))),
  found(
    name,
    "twice in the page",
    (family) => plain("")(family) + inject(family.path, attribute(family)),
  ),
]);

/** Tag managers may strip attributes: then `ClewConfig` says whose page it is. */
const stripped = NAMES.filter((name) => name !== "pulse").map((name) =>
  found(
    name,
    "a tag manager that strips attributes",
    (family) => `<script>window.ClewConfig={siteId:"found"}</script>${inject(family.path, "")}`,
  ),
);

/** Clicks, scrolling and forms by themselves: names of fields, never what was typed. */
const auto = (name) => ({
  name: `family ${name}: clicks, scrolling and forms are noticed`,
  alone: true,
  async run(world) {
    const { page, collector } = world;
    const link = '<a id="more" href="/b?token=s3cret#x">More <b>about it</b></a>';
    await visit(world, name, { body: `${link}<p id="text">Text</p>${TALL}${FORM}` });
    await page.evaluate(() => {
      document.querySelector("#more").addEventListener("click", (e) => e.preventDefault());
    });
    await page.click("#text");
    await page.click("#more");
    await scrollDown(page);
    await scrollDown(page);
    await fillIn(page);
    await page.click("#go");
    const seen = (type) => collector.ofType(type);
    await collector.until("the submission", () => seen("form_submit").length > 0);
    await collector.until("the depth", () => seen("scroll").length === 5);
    const [click] = seen("click");
    assert.deepEqual(click.props, {
      tag: "a",
      element: "more",
      text: "More about it",
      href: `${collector.origin}/b`,
    });
    assert.equal(seen("click").length, 2);
    assert.deepEqual(
      seen("scroll").map(({ scroll }) => scroll),
      [25, 50, 75, 90, 100],
    );
    assert.deepEqual(
      seen("form_start").map(({ form_id }) => form_id),
      ["signup"],
    );
    const focus = seen("form_focus").find(({ props }) => props.field === "email");
    assert.deepEqual(focus.props, { form_id: "signup", field: "email", field_type: "email" });
    const [submit] = seen("form_submit");
    assert.equal(submit.form_id, "signup");
    assert.equal(
      submit.props.fields,
      "first_name,last_name,email,phone,message,diagnosis,password,cc",
    );
    assert.equal(seen("form_submit").length, 1);
    assert.equal("fields" in submit, MAKES_LEADS.includes(name));
    for (const { text } of collector.requests) {
      for (const secret of ["s3cret", "hunter2", "4111 1111", TYPED.cc, "t0k3n"])
        assert.ok(!text.includes(secret), secret);
      if (!MAKES_LEADS.includes(name)) assert.ok(!text.includes("ada@"));
    }
  },
});

/** `expected`: what a submission carries. */
const values = (name, what, settings, expected) => ({
  name: `family ${name}: ${what}`,
  async run(world) {
    const { page, collector } = world;
    await visit(world, name, { body: FORM, ...settings });
    await fillIn(page);
    await page.click("#go");
    await collector.until("it", () => collector.ofType("form_submit").length > 0);
    const [submit] = collector.ofType("form_submit");
    assert.deepEqual(submit.fields, expected);
  },
});

const { first_name, last_name, email, phone } = TYPED;
const LEAD = {
  first_name,
  last_name,
  email,
  phone,
  message: "Call me, my card is [REDACTED]",
};

const described = {
  forms: [
    { formId: "f-1", formName: "Old", pageUrl: "/elsewhere", formSelector: "form" },
    { formId: "f-2", formName: "Sign up", pageUrl: "/a", formSelector: "form:::no selector" },
    {
      formId: "f-3",
      formName: "Sign up",
      pageUrl: "https://shop.example/a",
      formSelector: "#gone",
      alternativeSelectors: ["#signup"],
    },
  ],
  fields: [
    { formId: "f-3", fieldSelector: "[name=diagnosis]", fieldName: "need" },
    { formId: "f-3", fieldSelector: "[name=cc]", fieldName: "number" },
    { formId: "f-3", fieldSelector: "#signup [name=password]", fieldName: "word" },
    { formId: "f-1", fieldSelector: "[name=email]", fieldName: "other" },
  ],
};

const partial = (name, what, config, answer, expected) => ({
  name: `family ${name}: values before submission, ${what}`,
  alone: true,
  async run(world) {
    const { page, collector } = world;
    await visit(world, name, { body: FORM, config: { siteId: "found", ...config } });
    if (answer) await page.evaluate((state) => window.clew("consent", state), answer);
    await page.fill("[name=email]", TYPED.email);
    await page.fill("[name=password]", TYPED.password);
    await page.focus("#go");
    await sleep(800);
    await page.fill("[name=phone]", TYPED.phone);
    await page.goto(collector.page("/empty", "<title>No tracker</title>"));
    await sleep(600);
    const reports = collector.ofType("form_partial").map(({ fields }) => fields);
    assert.deepEqual(reports, expected);
    if (!expected.length) {
      for (const { text } of collector.requests) assert.ok(!text.includes(TYPED.email));
    }
    for (const { text } of collector.requests) assert.ok(!text.includes(TYPED.password));
  },
});

const BOTH = [{ email }, { email, phone }];

/** What our scripts say in the console; browsers complain there about missing icons too. */
function ourWarnings(page) {
  const said = [];
  page.on("console", (message) => {
    if (message.text().startsWith("[Clew]")) said.push(message.text());
  });
  return said;
}

export default [
  ...ways,
  ...stripped,
  ...NAMES.map(auto),
  values("client", "a submission carries what makes a lead", {}, LEAD),
  values("pulse", "a submission carries what makes a lead", {}, LEAD),
  values(
    "pixel",
    "a submission carries name and address alone",
    {},
    { first_name, last_name, email },
  ),
  values(
    "client",
    "under exempt a submission carries names alone",
    { config: { capture: "names" } },
    undefined,
  ),
  values(
    "client",
    "the fields that the site described go along, secrets marked",
    { config: described },
    { ...LEAD, need: TYPED.diagnosis, number: "[REDACTED]", word: "[REDACTED]" },
  ),
  partial("client", "with consent", { capture: "partial" }, { partial: true }, BOTH),
  partial("pulse", "with consent", { capture: "partial" }, "granted", BOTH),
  partial("client", "without consent", { capture: "partial" }, undefined, []),
  partial("client", "after a refusal", { capture: "partial" }, "denied", []),
  partial("client", "where the profile forbids them", { capture: "submit" }, "granted", []),
  partial("pixel", "never", { capture: "partial" }, "granted", []),
  {
    name: "a withdrawal takes what was typed out of what still waits",
    alone: true,
    async run(world) {
      const { page, collector } = world;
      const config = { siteId: "found", capture: "partial", flush: 60_000 };
      await visit(world, "client", { body: FORM, config, attributes: 'data-flush="60000"' });
      await page.evaluate(() => window.clew("consent", { partial: true }));
      await page.fill("[name=email]", TYPED.email);
      await page.focus("#go");
      await page.evaluate(() => {
        window.clew("consent", { partial: false });
        window.clew("flush");
      });
      await collector.until("it", () => collector.ofType("form_partial").length > 0);
      for (const { text } of collector.requests) assert.ok(!text.includes(TYPED.email));
    },
  },
  {
    name: "form.submit() and forms in shadow roots are noticed, each submission once",
    alone: true,
    async run(world) {
      const { page, collector } = world;
      const body = `<form id="sly" action="/empty"><input name="email"></form><div id="host"></div>
        <form id="both" action="/empty" onsubmit="event.preventDefault();"><input name="name"><button>B</button></form>`;
      await visit(world, "client", { body });
      await page.evaluate(() => {
        const root = document.querySelector("#host").attachShadow({ mode: "open" });
        root.innerHTML = `<form id="inner" onsubmit="event.preventDefault()"><input name="email"><button>Go</button></form>`;
        const both = document.querySelector("#both");
        both.addEventListener("submit", () => {
          HTMLFormElement.prototype.submit.call(both);
        });
        both.target = "nowhere";
      });
      await page.fill("#host input", TYPED.email);
      await page.click("#host button");
      await collector.until("the inner one", () => collector.ofType("form_submit").length > 0);
      assert.equal(collector.ofType("form_submit")[0].form_id, "inner");
      assert.deepEqual(collector.ofType("form_submit")[0].fields, { email });
      collector.page("/empty", "<title>No tracker</title>");
      await page.fill("#sly input", TYPED.email);
      await page.evaluate(() => document.querySelector("#sly").submit());
      await collector.until("the sly one", () => collector.ofType("form_submit").length > 1);
      assert.equal(collector.ofType("form_submit")[1].form_id, "sly");
      assert.deepEqual(collector.ofType("form_submit")[1].fields, { email });
    },
  },
  {
    name: "what is to be left alone is left alone",
    async run(world) {
      const { page, collector } = world;
      const body = `<div data-clew-ignore>${FORM}<button id="quiet">Quiet</button></div>
        <button id="masked" data-clew-mask>Ada Lovelace</button>
        <span id="marked" data-clew-event="offer">Offer</span>`;
      await visit(world, "client", { body });
      await fillIn(page);
      for (const id of ["go", "quiet", "masked", "marked"]) await page.click(`#${id}`);
      await collector.until("clicks", () => collector.ofType("click").length > 1);
      await sleep(500);
      assert.deepEqual(
        collector.ofType("click").map(({ props }) => props),
        [
          { tag: "button", element: "masked" },
          { tag: "span", element: "offer", text: "Offer" },
        ],
      );
      for (const type of ["form_start", "form_focus", "form_submit", "form_view"])
        assert.deepEqual(collector.ofType(type), [], type);
    },
  },
  {
    name: "single-page navigation begins scrolling and forms anew",
    alone: true,
    async run(world) {
      const { page, collector } = world;
      await visit(world, "client", { body: `${TALL}${FORM}` });
      await scrollDown(page);
      await page.focus("[name=email]");
      await page.evaluate(() => {
        scrollTo(0, 0);
        history.pushState(null, "", "/a/2");
      });
      await sleep(200);
      await page.focus("[name=phone]");
      await scrollDown(page);
      await collector.until("both", () => collector.ofType("scroll").length === 10);
      assert.deepEqual(
        collector.ofType("form_start").map(({ url }) => new URL(url).pathname),
        ["/a", "/a/2"],
      );
      const views = collector.ofType("form_view").map(({ form_id }) => form_id);
      assert.ok(views.length >= 1 && views.every((id) => id === "signup"), `${views}`);
    },
  },
  {
    name: "family pulse: a form comes into sight although the script started before the page was read",
    async run({ page, collector }) {
      collector.family("/pulse.js", "pulse");
      const html = `<!doctype html><head><script src="/pulse.js"></script>
        <script>PulseGate.init({ siteKey: "S1" }); clew.flush();</script></head><body>${FORM}</body>`;
      await page.goto(collector.page("/a", html));
      await collector.until("the form", () => collector.ofType("form_view").length > 0);
    },
  },
  {
    name: "family pixel: a reload is no second view, a navigation is",
    async run(world) {
      const { page, collector } = world;
      await visit(world, "pixel", {});
      await page.reload();
      await page.waitForFunction(() => typeof window.clew?.track === "function");
      await sleep(1500);
      await page.evaluate(() => window.clew("track", "after"));
      await collector.until("it", () => collector.counted.some(({ name }) => name === "after"));
      assert.equal(collector.ofType("pageview").length, 1);
      await page.goto(`${collector.origin}/a?utm_source=x&ad_group=g&search_query=q&other=1`);
      await collector.until("the next", () => collector.ofType("pageview").length === 2);
      assert.equal(
        collector.ofType("pageview")[1].url,
        `${collector.origin}/a?utm_source=x&ad_group=g&search_query=q`,
      );
    },
  },
  {
    name: "family collector: its global, its settings, revenue once",
    async run(world) {
      const { page, collector } = world;
      const logs = [];
      page.on("console", (message) => logs.push(message.text()));
      const head = `<script>window.EvothesisConfig={client_id:"found",endpoint:"${collector.origin}/t/collect",
        batch_size:3,flush_interval:200,custom_fields:{team:"a"},privacy_mode:"gdpr",debug:true}</script>`;
      await visit(world, "collector", { head, config: { unknown: "store" } });
      await page.evaluate(() => {
        const order = {
          order_id: "A-1",
          value: "19.90",
          currency: "EUR",
          items: [{ product_id: "p", quantity: 1, price: 19.9 }],
        };
        window.evothesis.track("purchase", order);
        window.evothesis.track("purchase", order);
        window.evothesis.identify("user-1", { plan: "pro" });
        window.evothesis.page({ section: "news" });
        window.evothesis.flush();
      });
      await collector.until("all", () => collector.ofType("pageview").length === 2);
      assert.equal(collector.requests[0].path, "/t/v1/events");
      const purchases = collector.events.filter(({ name }) => name === "purchase");
      assert.deepEqual(
        new Set(purchases.map(({ id, value, currency }) => `${id} ${value} ${currency}`)),
        new Set(["A-1 19.9 EUR"]),
      );
      assert.equal(purchases[0].props.team, "a");
      assert.equal(purchases[0].props.items[0].product_id, "p");
      assert.equal(collector.ofType("pageview")[1].props.section, "news");
      assert.equal(collector.ofType("identify").length, 1);
      const said = logs.filter((text) => text.startsWith("["));
      assert.deepEqual(said, ["[Evothesis] Analytics pixel loaded for client: found"]);
      await sleep(300);
      const stats = await page.evaluate(() => window.evothesis.getStats());
      assert.deepEqual(Object.keys(stats), [
        "events_queued",
        "events_sent",
        "batches_sent",
        "avg_batch_size",
        "last_flush",
      ]);
      assert.equal(stats.events_sent, collector.events.length);
      // The site keeps ids without asking; the page asked for more privacy.
      assert.deepEqual((await stored(page)).local, {});
      await page.evaluate(() => window.evothesis.consent(true));
      assert.ok((await stored(page)).local.clew);
      await page.evaluate(() => window.evothesis.consent(false));
      assert.deepEqual((await stored(page)).local, {});
    },
  },
  {
    name: "family pulse: nothing is sent or stored before init, and then everything",
    async run({ page, collector }) {
      await page.addInitScript(noteWrites);
      collector.family("/pulse.js", "pulse", { unknown: "store" });
      const head = '<script src="/pulse.js" data-flush="200"></script>';
      await page.goto(collector.page("/a", documentOf(head)));
      await page.evaluate(() => window.PulseGate.track("early", { n: 1 }));
      await sleep(1500);
      await page.evaluate(() => dispatchEvent(new Event("pagehide")));
      await sleep(300);
      assert.equal(collector.requests.length, 0);
      assert.deepEqual(await storageOf(page), { writes: [], left: [] });
      await page.evaluate((origin) => {
        window.PulseGate.init({ site_key: "pk_found", endpoint: `${origin}/t/track/event` });
        window.PulseGate.track("late");
        window.PulseGate.identify("user-1");
      }, collector.origin);
      await collector.until("all", () => collector.counted.length >= 4);
      const [{ body, path }] = collector.requests;
      assert.deepEqual([body.site_id, path], ["pk_found", "/t/v1/events"]);
      assert.deepEqual(
        collector.counted
          .map((event) => event.name ?? event.type)
          .filter((e) => e !== "engagement"),
        ["pageview", "early", "late", "identify"],
      );
      assert.ok((await stored(page)).local.clew);
    },
  },
  {
    name: "family pulse: a key on the tag needs no init",
    async run({ page, collector }) {
      collector.family("/pulse.js", "pulse");
      const head = '<script async src="/pulse.js" data-site-key="found"></script>';
      await page.goto(collector.page("/a", documentOf(head)));
      await collector.until("the view", () => collector.ofType("pageview").length > 0);
      assert.equal(collector.requests[0].body.site_id, "found");
      await page.evaluate(() => window.PulseGate.init({ properties: { team: "b" } }));
      await page.evaluate(() => window.PulseGate.track("more"));
      await collector.until("it", () => collector.counted.some(({ name }) => name === "more"));
      assert.equal(collector.counted.at(-1).props.team, "b");
    },
  },
  {
    name: "family trackveil: no cookie, ids where allowed, and how long the page took",
    async run(world) {
      const { page, context, collector } = world;
      const config = { storage: "cookie", unknown: "store" };
      await visit(world, "trackveil", { config });
      const [view] = collector.ofType("pageview");
      assert.ok(Number.isInteger(view.load_time_ms) && view.load_time_ms > 0, JSON.stringify(view));
      assert.equal(collector.requests[0].path, "/track");
      assert.ok(collector.requests[0].body.visitor_id);
      assert.deepEqual(await context.cookies(), []);
      assert.deepEqual(Object.keys((await stored(page)).local), ["clew"]);
    },
  },
  {
    name: "family client: the older tracker's visitor and session go on, and end with a refusal",
    async run(world) {
      const { page, collector } = world;
      await page.goto(collector.page("/empty", "<title>No tracker</title>"));
      await page.evaluate(() => {
        localStorage.setItem("_crm_visitor_id", "visitor-of-old");
        sessionStorage.setItem("_crm_session_id", "session-of-old");
      });
      await visit(world, "client", { config: { siteId: "found", unknown: "store" } });
      const { body } = collector.requests.at(-1);
      assert.equal(body.visitor_id, "visitor-of-old");
      assert.equal(body.session_id, "session-of-old");
      assert.equal((await stored(page)).local._crm_visitor_id, "visitor-of-old");
      await page.evaluate(() => window.clew("consent", "denied"));
      const kept = await stored(page);
      assert.deepEqual([kept.local, kept.session], [{}, {}]);
    },
  },
  {
    name: "family client: a visitor of old is known no longer than the site says",
    async run(world) {
      const { page, collector } = world;
      await page.goto(collector.page("/empty", "<title>No tracker</title>"));
      await page.evaluate(() => {
        const since = Date.now() - 31 * 864e5;
        localStorage.setItem("_crm_visitor_id", "visitor-of-old");
        localStorage.setItem("_crm_visitor_since", `${since}`);
        localStorage.setItem("clew", JSON.stringify({ visitor_id: "visitor-of-old" }));
      });
      const config = { siteId: "found", unknown: "store", days: 30 };
      await visit(world, "client", { config });
      const { visitor_id } = collector.requests.at(-1).body;
      assert.match(visitor_id, /^0\w+-\w+-7/);
      assert.equal((await stored(page)).local._crm_visitor_id, visitor_id);
    },
  },
  ...NAMES.map((name) => ({
    name: `family ${name}: while nobody was asked, nothing is written into the browser`,
    async run(world) {
      const { page, context, collector } = world;
      await page.addInitScript(noteWrites);
      await visit(world, name, {
        body: FORM,
        config: { siteId: "found", unknown: "cookieless", storage: "local", capture: "partial" },
      });
      await fillIn(page);
      await page.click("#go");
      await collector.until("it", () => collector.ofType("form_submit").length > 0);
      assert.deepEqual(await storageOf(page), { writes: [], left: [] });
      assert.deepEqual(await context.cookies(), []);
      for (const { body } of collector.requests) {
        assert.equal(body.visitor_id, undefined);
        assert.equal(body.session_id, undefined);
      }
    },
  })),
  ...NAMES.map((name) => ({
    name: `family ${name}: a strict policy and Trusted Types are no obstacle`,
    logsErrors: true,
    alone: true,
    async run({ page, collector }) {
      const policy =
        "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types clew";
      const html = documentOf(tagOf(collector, name), FORM);
      await page.goto(collector.page("/a", html, { "Content-Security-Policy": policy }));
      await collector.until("the view", () => collector.ofType("pageview").length > 0);
      await page.focus("[name=email]");
      await collector.until("it", () => collector.ofType("form_focus").length > 0);
    },
  })),
  {
    name: "form.js: a page without a place for a form is told so",
    async run({ page, collector }) {
      const warnings = ourWarnings(page);
      collector.family("/form.js", "form");
      const script = '<script async src="/form.js"></script>';
      await page.goto(collector.page("/a", documentOf(script)));
      await sleep(500);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0], /^\[Clew\] form\.js: no place for a form/);
    },
  },
  {
    name: "form.js: a form is fetched for its place, and one that is not there is named",
    async run({ page, collector }) {
      const warnings = ourWarnings(page);
      collector.family("/form.js", "form");
      collector.page("/forms/config", '{"form":"contact"}', { "Content-Type": "application/json" });
      const script = '<script async src="/form.js"></script>';
      const body = '<div id="here" data-pulse-form="contact"></div>';
      await page.goto(collector.page("/a", documentOf(script, body)));
      await page.waitForFunction(() => window.ClewForms?.length === 1);
      const handed = await page.evaluate(() => [
        window.ClewForms[0].element.id,
        window.ClewForms[0].config,
      ]);
      assert.deepEqual(handed, ["here", { form: "contact" }]);
      assert.deepEqual(warnings, []);
      collector.pages.delete("/forms/config");
      await page.reload();
      await page.waitForFunction(() => !window.ClewForms);
      await sleep(500);
      assert.deepEqual(warnings, [
        '[Clew] form.js: form "contact" cannot be shown: the server answered 404',
      ]);
    },
  },
];
