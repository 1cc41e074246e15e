// From the cart to an order. Nothing that is typed here leaves the browser.

import { go } from "./address.js";
import { euros, keep, lines, total } from "./cart.js";

const ORDER = "demo_order";

/** The checkout's page: says what is ordered and takes the order. */
export function wireCheckout(main) {
  const form = main.querySelector("[data-checkout]");
  if (!form) return;
  const ordered = lines();
  main.querySelector("[data-empty]").hidden = ordered.length > 0;
  main.querySelector("[data-filled]").hidden = ordered.length === 0;
  for (const place of main.querySelectorAll("[data-total]")) {
    place.textContent = euros(total(ordered));
  }
  const rows = ordered.map((line) => {
    const row = document.createElement("li");
    row.textContent = `${line.pieces} × ${line.name}`;
    return row;
  });
  main.querySelector("[data-summary]").replaceChildren(...rows);
  if (!ordered.length) return;
  clew("track", "begin_checkout", { products: ordered.length }, money(total(ordered)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const pieces = ordered.reduce((sum, line) => sum + line.pieces, 0);
    const order = { id: orderNumber(), value: total(ordered), pieces };
    order.delivery = form.elements.delivery.value;
    sessionStorage.setItem(ORDER, JSON.stringify(order));
    keep([]);
    go("/demo/thank-you");
  });
}

/** The page after the order: reports the sale, as shops do where payment happens elsewhere. */
export function wireThanks(main) {
  const place = main.querySelector("[data-ordered]");
  const order = place && JSON.parse(sessionStorage.getItem(ORDER) || "null");
  if (!order) return;
  place.textContent = `Your order ${order.id} over ${euros(order.value)} has arrived. It leaves today by ${order.delivery}.`;
  const { pieces, delivery } = order;
  // The order's number is the event's id: counted once, however often this page is loaded.
  const revenue = { ...money(order.value), id: order.id };
  clew("track", "purchase", { order_id: order.id, pieces, delivery }, revenue);
}

function money(value) {
  return { value, currency: "EUR" };
}

function orderNumber() {
  return `A-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36).toUpperCase()}`;
}
