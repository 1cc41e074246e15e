import { page } from "../verbs/page";
import { cleanUrl } from "./cleanUrl";
import { config } from "./config";
import { view } from "./view";

/** Begins a page if the address is another than that of the current one. */
export function navigated(): void {
  if (config.auto !== "false" && cleanUrl() !== view.url) page();
}

/** Notices navigations within the document. */
export function observeNavigation(): void {
  if (window.navigation) {
    // Fires when the address has changed, for links, history calls and the back button alike.
    window.navigation.addEventListener("currententrychange", navigated);
  } else {
    patch("pushState");
    patch("replaceState");
  }
}

function patch(name: "pushState" | "replaceState"): void {
  const original = history[name];
  history[name] = function () {
    // biome-ignore lint/complexity/noArguments: rest parameters cost a helper loop in ES5
    original.apply(this, arguments as unknown as Parameters<History["pushState"]>);
    navigated();
  };
}
