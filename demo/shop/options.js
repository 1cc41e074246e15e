// The footer's switches: they change the address, so that a link shows the shop as it was left.

export function wireOptions(options) {
  const here = new URLSearchParams(location.search);
  const spa = options.querySelector('[data-option="spa"]');
  const family = options.querySelector('[data-option="family"]');
  const consent = options.querySelector('[data-option="consent"]');
  spa.checked = here.has("spa");
  family.value = here.get("family") ?? "";
  consent.value = here.get("consent") ?? "";
  // A banner that was asked for again asks again.
  consent.addEventListener("change", () => sessionStorage.removeItem("demo_consent"));
  options.addEventListener("change", () => {
    const next = new URL(location.href);
    set(next, "spa", spa.checked ? "1" : "");
    set(next, "family", family.value);
    set(next, "consent", consent.value);
    location.assign(next);
  });
}

function set(url, name, value) {
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
}
