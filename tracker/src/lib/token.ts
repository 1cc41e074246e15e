import { shared } from "./shared";

/** Takes the token of the module `link` out of the address bar, before any page view and before
 *  anybody copies the address. */
export function takeToken(): void {
  const found = /[?&]_clew=([^&#]*)/.exec(location.search);
  if (found) {
    shared.token = found[1];
    const rest = location.search.replace(/([?&])_clew=[^&]*(&|$)/g, "$1").replace(/[?&]$/, "");
    history.replaceState(history.state, "", location.pathname + rest + location.hash);
  }
}
