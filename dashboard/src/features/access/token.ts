import { useEffect, useState } from "react";

/** Tokens are plain hexadecimal digits: nothing to decode. */
const read = () => location.hash.slice(1);

/** The one-time token behind the `#` of an address. It is taken out of the address at once, so that
 *  it stays neither in the history nor on a shared screen. A link opened while its page is already
 *  open changes only what is behind the `#`, and counts as well. */
export function useToken(): string {
  const [token, setToken] = useState(read);
  useEffect(() => {
    const take = () => {
      if (!location.hash) return;
      setToken(read());
      history.replaceState(history.state, "", location.pathname + location.search);
    };
    take();
    addEventListener("hashchange", take);
    return () => removeEventListener("hashchange", take);
  }, []);
  return token;
}
