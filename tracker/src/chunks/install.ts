import type { Install } from "../lib/internals";

/** Hands a module to the core that loaded it. */
export function hand(install: Install): void {
  (window.clew as unknown as (verb: "use", install: Install) => void)("use", install);
}

/** A module that needs the variant `full`; in a smaller core it does nothing. */
export function handFull(install: (...given: Required<Parameters<Install>>) => void): void {
  hand((verbs, past, purposes, now, shared) => {
    if (shared) install(verbs, past, purposes, now, shared);
  });
}
