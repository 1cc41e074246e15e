// The demo shop. Every page is a document of its own; `?spa=1` changes pages without a reload.

import { followLinks, inPlace } from "./shop/address.js";
import { showCount, wireAdd, wireCart } from "./shop/cart.js";
import { wireCheckout, wireThanks } from "./shop/checkout.js";
import { wireContact } from "./shop/contact.js";
import { wireOptions } from "./shop/options.js";
import { changeInPlace } from "./shop/spa.js";

function begin() {
  const main = document.querySelector("main");
  wireAdd(main);
  wireCart(main);
  wireCheckout(main);
  wireThanks(main);
  wireContact(main);
  followLinks(document);
  showCount();
}

begin();
wireOptions(document.querySelector("[data-options]"));
if (inPlace) changeInPlace(begin);
