// The cart: kept in this tab, shown on its page, counted in the header.

import { address } from "./address.js";

const CART = "demo_cart";
const MOST = 99;

/** What is in the cart: `{id, name, price, pieces}`. */
export function lines() {
  return JSON.parse(sessionStorage.getItem(CART) || "[]");
}

export function keep(next) {
  sessionStorage.setItem(CART, JSON.stringify(next));
  showCount();
}

/** In cents, because prices such as 27.90 have no exact binary form. */
export function total(of) {
  return of.reduce((sum, line) => sum + line.pieces * Math.round(line.price * 100), 0) / 100;
}

export function euros(amount) {
  return `€\u00a0${amount.toFixed(2)}`;
}

export function showCount() {
  const pieces = lines().reduce((sum, line) => sum + line.pieces, 0);
  for (const place of document.querySelectorAll("[data-cart-count]")) {
    place.textContent = pieces || "";
  }
}

/** The button of a product's page. */
export function wireAdd(main) {
  const button = main.querySelector("[data-add]");
  button?.addEventListener("click", () => {
    const { add: id, name } = button.dataset;
    const price = Number(button.dataset.price);
    const next = lines();
    const line = next.find((one) => one.id === id);
    if (line) line.pieces = Math.min(MOST, line.pieces + 1);
    else next.push({ id, name, price, pieces: 1 });
    keep(next);
    const link = Object.assign(document.createElement("a"), { href: address("/demo/cart") });
    link.textContent = "See the cart";
    main.querySelector("[data-added]").replaceChildren(`${name} is in your cart. `, link);
    clew("track", "add_to_cart", { product: id }, { value: price, currency: "EUR" });
  });
}

/** The cart's page. */
export function wireCart(main) {
  const list = main.querySelector("[data-lines]");
  if (!list) return;
  list.replaceChildren(...lines().map((line) => item(main, line)));
  refresh(main);
}

function item(main, line) {
  const row = main.querySelector("[data-line]").content.firstElementChild.cloneNode(true);
  const pieces = row.querySelector("input");
  const name = row.querySelector(".name");
  row.querySelector("img").src = `/demo/pictures/${line.id}.svg`;
  name.textContent = line.name;
  name.href = address(`/demo/products/${line.id}`);
  pieces.value = line.pieces;
  pieces.setAttribute("aria-label", `Pieces of ${line.name}`);
  const change = (to) => {
    line.pieces = Math.max(1, Math.min(MOST, Math.round(to) || 1));
    pieces.value = line.pieces;
    keep(lines().map((one) => (one.id === line.id ? line : one)));
    refresh(main);
    price();
  };
  const price = () => {
    row.querySelector(".price").textContent = euros(total([line]));
  };
  pieces.addEventListener("change", () => change(Number(pieces.value)));
  for (const step of row.querySelectorAll("[data-step]")) {
    const by = Number(step.dataset.step);
    step.setAttribute("aria-label", `${by > 0 ? "One more" : "One fewer"}: ${line.name}`);
    step.addEventListener("click", () => change(line.pieces + by));
  }
  const remove = row.querySelector("[data-remove]");
  remove.setAttribute("aria-label", `Remove ${line.name}`);
  remove.addEventListener("click", () => {
    keep(lines().filter((one) => one.id !== line.id));
    row.remove();
    refresh(main, `${line.name} was removed.`);
    main.focus();
    clew("track", "remove_from_cart", { product: line.id });
  });
  price();
  return row;
}

function refresh(main, news) {
  const now = lines();
  main.querySelector("[data-empty]").hidden = now.length > 0;
  main.querySelector("[data-filled]").hidden = now.length === 0;
  main.querySelector("[data-total]").textContent = euros(total(now));
  main.querySelector("[data-cart-news]").textContent = news ?? `Total ${euros(total(now))}`;
}
