import type { FullInstall, Install } from "../lib/internals";

/** Hands a module to the core that loaded it. */
export function hand(install: Install): void {
  (window.clew as unknown as (verb: "use", install: Install) => void)("use", install);
}

/** A module that needs the variant `full`; in a smaller core it does nothing. */
export function handFull(install: FullInstall): void {
  hand((verbs, past, purposes, now, shared) => {
    if (shared) install(verbs, past, purposes, now, shared);
  });
}
