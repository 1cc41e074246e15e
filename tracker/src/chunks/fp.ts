import { signals } from "../fp/signals";
import { handFull } from "./install";

/** Longest time that the first batch waits for the measuring. */
const PATIENCE = 2000;

/** Recognises a browser by what it is like. Fetched by the module `consent` only after analytics was
 *  granted; what was measured leaves as one hash, which the server hashes again with the site's key,
 *  and is not stored here. Without a secure context there is no SHA-256, and no fingerprint. */
handFull((_verbs, _past, purposes, _now, shared) => {
  const subtle = window.crypto && crypto.subtle;
  if (!subtle || !purposes.analytics || navigator.globalPrivacyControl || shared.optedOut()) return;
  let hash: string | undefined;
  const finish = shared.finish;
  shared.finish = (envelope) => {
    if (finish) finish(envelope);
    // The answer may have changed since.
    if (purposes.analytics) envelope.fingerprint = hash;
  };
  shared.hold(Date.now() + PATIENCE);
  subtle
    .digest("SHA-256", new TextEncoder().encode(signals().join("\n")))
    .then((digest) => {
      const bytes = new Uint8Array(digest);
      hash = Array.prototype.map.call(bytes, hex).join("");
      shared.hold(0);
    })
    .catch(() => shared.hold(0));
});

function hex(byte: unknown): string {
  return `0${(byte as number).toString(16)}`.slice(-2);
}
