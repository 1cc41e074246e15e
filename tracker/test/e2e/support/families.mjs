/** The families' scripts where the checks have them served, and the tag that a page carries. */
export const FAMILIES = {
  pixel: { path: "/pixel.js", attributes: 'data-pixel-id="found"', attribute: "pixelId" },
  client: { path: "/script/found.js", config: { siteId: "found" } },
  collector: { path: "/pixel/found/tracking.js", config: { siteId: "found" } },
  pulse: {
    file: "tracker",
    path: "/tracker.js",
    attributes: 'data-site-key="found"',
    attribute: "siteKey",
  },
  trackveil: {
    file: "tracker",
    path: "/tracker.min.js",
    attributes: 'data-site-id="found"',
    attribute: "siteId",
  },
};

/** Serves the family's script and returns its tag, `async` unless `how` says otherwise. */
export function tagOf(collector, name, { how = "async", attributes = "", config } = {}) {
  const family = FAMILIES[name];
  const settings = family.config || config ? { ...family.config, ...config } : undefined;
  collector.family(family.path, family.file ?? name, settings);
  return `<script ${how} src="${family.path}" ${family.attributes ?? ""} data-flush="300" ${attributes}></script>`;
}

/** A page with a form of everything that must, may and must not leave. */
export const FORM = `
<form id="signup" action="/thanks" onsubmit="event.preventDefault()">
  <label>First name <input name="first_name"></label>
  <label>Last name <input name="last_name"></label>
  <label>E-mail <input name="email" type="email"></label>
  <label>Phone <input name="phone" type="tel"></label>
  <label>Message <textarea name="message"></textarea></label>
  <label>Diagnosis <input name="diagnosis"></label>
  <label>Password <input name="password" type="password"></label>
  <label>Card <input name="cc" autocomplete="cc-number"></label>
  <label>Nickname <input name="company" data-clew-ignore></label>
  <input type="hidden" name="csrf" value="t0k3n">
  <button id="go" name="go">Send it</button>
</form>`;

export const TYPED = {
  first_name: "Ada",
  last_name: "Lovelace",
  email: "ada@example.com",
  phone: "+44 20 7946 0000",
  message: "Call me, my card is 4111 1111 1111 1111",
  diagnosis: "s3cret-illness",
  password: "hunter2",
  cc: "4000000000000002",
  company: "s3cret-company",
};

export async function fillIn(page, typed = TYPED) {
  for (const [name, value] of Object.entries(typed)) await page.fill(`[name=${name}]`, value);
}
