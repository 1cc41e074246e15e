import type { Clew } from "../clew";
import { flush, flushLeaving, openGate } from "./lib/delivery";
import { observe, reportEngagement } from "./lib/engagement";
import { identity, remember, storage } from "./lib/identity";
import type { Install } from "./lib/internals";
import { navigated, observeNavigation } from "./lib/navigation";
import { option } from "./lib/option";
import { outcomes } from "./lib/outcomes";
import { queue } from "./lib/queue";
import { setView, view } from "./lib/view";
import { consent, purposes } from "./verbs/consent";
import { identify } from "./verbs/identify";
import { load, loadFeatures } from "./verbs/load";
import { page } from "./verbs/page";
import { reset } from "./verbs/reset";
import { set } from "./verbs/set";
import { track } from "./verbs/track";

type Verb = (...args: unknown[]) => unknown;

function clew(name: string, a?: unknown, b?: unknown, c?: unknown): unknown {
  const verb = (clew as unknown as Record<string, Verb>)[name];
  return verb && verb(a, b, c);
}

/** Everything that changes what the visitor sees or whether we can send. */
function notice(event: Event): void {
  const type = event.type;
  navigated();
  observe();
  if (type === "pagehide" || document.hidden) {
    reportEngagement(view.url);
    flushLeaving();
  } else if ((event as PageTransitionEvent).persisted) {
    // Back from the bfcache is a navigation to whoever looks at the page.
    setView({});
    navigated();
  } else if (type === "visibilitychange" || type === "online") {
    if (type === "online") openGate();
    if (FLAG_IDS) remember();
    flush();
  }
}

function start(): void {
  const stub: Partial<Clew> = window.clew || {};
  // The tag may stand in the page twice; one of us is enough.
  if (stub.track) return;
  window.clew = Object.assign(
    clew,
    FLAG_IDS
      ? { track, page, set, consent, flush, identify }
      : { track, page, set, consent, flush },
  ) as never;
  if (FLAG_IDS) storage("getItem");
  if (FLAG_LOADER) {
    Object.assign(clew, {
      reset,
      load,
      use(install: Install) {
        install(clew as never, outcomes, purposes, () => [queue, identity]);
      },
    });
  }
  consent((FLAG_IDS && identity.consent) || option("consent"));
  observeNavigation();
  "popstate scroll focus blur online pageshow pagehide visibilitychange"
    .split(" ")
    .forEach((type) => {
      addEventListener(type, notice);
    });
  (stub.q || []).forEach((call) => {
    clew.apply(null, call as never);
  });
  navigated();
  if (FLAG_LOADER) loadFeatures();
}

// A prerendered page has not been seen by anybody yet, and may never be.
if (document.prerendering) document.addEventListener("prerenderingchange", start);
else start();
