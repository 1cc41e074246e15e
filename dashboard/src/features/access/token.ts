import { useState } from "react";

/** The one-time token behind the `#` of an address. It is taken out of the address at once, so that
 *  it stays neither in the history nor on a shared screen. */
export function useToken(): string {
  const [token] = useState(() => decodeURIComponent(location.hash.slice(1)));
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}
