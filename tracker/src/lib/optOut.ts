/** Whether the visitor wants no part in this at all, said by `optOut` or by the site's own link. The
 *  marker is the one thing that may be kept after a refusal: without it nobody could honour it. */
export function optedOut(): unknown {
  // Naming `localStorage` throws where a browser blocks it.
  try {
    return localStorage.getItem("clew_off");
  } catch {}
}
