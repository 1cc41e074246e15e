// The demo shop: a cart in this tab, a consent notice, and page changes without a reload when the
// address says `?spa=1`.

const CART = "demo_cart";
const spa = new URLSearchParams(location.search).has("spa");

function cart() {
  return JSON.parse(sessionStorage.getItem(CART) || "[]");
}

function keep(lines) {
  sessionStorage.setItem(CART, JSON.stringify(lines));
  showCount();
}

function showCount() {
  const pieces = cart().reduce((sum, line) => sum + line.pieces, 0);
  for (const place of document.querySelectorAll("[data-cart-count]")) {
    place.textContent = pieces ? `(${pieces})` : "";
  }
}

function total(lines) {
  return lines.reduce((sum, line) => sum + line.pieces * line.price, 0);
}

function euros(amount) {
  return `€ ${amount.toFixed(2)}`;
}

function wireProduct(main) {
  const button = main.querySelector("[data-add]");
  button?.addEventListener("click", () => {
    const { add: id, name, price } = button.dataset;
    const lines = cart();
    const line = lines.find((one) => one.id === id);
    if (line) line.pieces++;
    else lines.push({ id, name, price: Number(price), pieces: 1 });
    keep(lines);
    main.querySelector("[data-added]").textContent = `${name} is in your cart.`;
    clew("track", "add_to_cart", { product: id }, { value: Number(price), currency: "EUR" });
  });
}

function showCart(main) {
  const lines = cart();
  main.querySelector("[data-empty]").hidden = lines.length > 0;
  main.querySelector("[data-filled]").hidden = lines.length === 0;
  main.querySelector("[data-lines]").replaceChildren(
    ...lines.map((line) => {
      const row = document.createElement("tr");
      for (const text of [line.name, line.pieces, euros(line.pieces * line.price)]) {
        const cell = row.insertCell();
        cell.textContent = text;
        if (cell.cellIndex) cell.className = "number";
      }
      return row;
    }),
  );
  main.querySelector("[data-total]").textContent = euros(total(lines));
}

function wireCart(main) {
  if (!main.querySelector("[data-lines]")) return;
  showCart(main);
  main.querySelector("[data-clear]").addEventListener("click", () => {
    keep([]);
    showCart(main);
  });
  main.querySelector("[data-order]").addEventListener("click", () => {
    const lines = cart();
    const order = `A-${Date.now().toString(36).toUpperCase()}`;
    // The order number as the event's id: counted once even if the page sends it again.
    const revenue = { value: total(lines), currency: "EUR", id: order };
    clew("track", "purchase", { order_id: order, pieces: lines.length }, revenue);
    keep([]);
    showCart(main);
    main.querySelector("[data-ordered]").textContent = `Thank you. Your order is ${order}.`;
  });
}

function wireContact(main) {
  const form = main.querySelector("[data-contact]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    // What was chosen, never what was typed.
    clew("track", "contact_sent", { topic: form.elements.topic.value });
    form.reset();
    form.querySelector("[data-sent]").textContent = "Thank you. We have lit a lantern.";
  });
}

function markCurrent() {
  for (const link of document.querySelectorAll("nav a")) {
    if (location.pathname === link.pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function begin() {
  const main = document.querySelector("main");
  wireProduct(main);
  wireCart(main);
  wireContact(main);
  markCurrent();
  showCount();
}

/** Shows another page of the shop in this document. */
async function show(address) {
  const reply = await fetch(address);
  if (!reply.ok) {
    location.assign(address);
    return;
  }
  const next = new DOMParser().parseFromString(await reply.text(), "text/html");
  document.title = next.title;
  document.querySelector("main").replaceWith(next.querySelector("main"));
  begin();
  scrollTo(0, 0);
  document.querySelector("main").focus({ preventScroll: true });
}

function wireSpa() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const ours = link?.origin === location.origin && link.pathname.startsWith("/demo/");
    if (!ours || !plain || link.hash) return;
    event.preventDefault();
    history.pushState(null, "", `${link.pathname}?spa=1`);
    show(location.href);
  });
  addEventListener("popstate", () => show(location.href));
}

function askConsent() {
  // `clew` in local storage is the tracker's own record: somebody agreed before.
  if (localStorage.getItem("clew") || sessionStorage.getItem("demo_asked")) return;
  const notice = document.createElement("section");
  notice.className = "consent";
  notice.setAttribute("aria-label", "Privacy");
  notice.innerHTML = `<div class="wrap">
    <p>We count visits without cookies. May we recognise you when you come back?</p>
    <button type="button" data-answer="granted">Yes</button>
    <button type="button" class="quiet" data-answer="denied">No</button>
  </div>`;
  notice.addEventListener("click", (event) => {
    const answer = event.target.dataset.answer;
    if (!answer) return;
    clew("consent", answer);
    sessionStorage.setItem("demo_asked", answer);
    notice.remove();
  });
  document.body.append(notice);
}

begin();
askConsent();
if (spa) wireSpa();
