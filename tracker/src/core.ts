import type { Clew } from "../clew";
import { config } from "./lib/config";
import { flush, flushLeaving, hold } from "./lib/delivery";
import { observe, reportEngagement } from "./lib/engagement";
import { identity, remember, storage } from "./lib/identity";
import type { Install } from "./lib/internals";
import { navigated, observeNavigation } from "./lib/navigation";
import { outcomes } from "./lib/outcomes";
import { queue } from "./lib/queue";
import { share } from "./lib/share";
import { takeToken } from "./lib/token";
import { setView, view } from "./lib/view";
import { allHeard, consent, purposes } from "./verbs/consent";
import { identify } from "./verbs/identify";
import { load, loadFeatures } from "./verbs/load";
import { page } from "./verbs/page";
import { reset } from "./verbs/reset";
import { set } from "./verbs/set";
import { track } from "./verbs/track";

type Verb = (...args: unknown[]) => unknown;

function clew(name: string, a?: unknown, b?: unknown, c?: unknown): unknown {
  const verbs = clew as unknown as Record<string, Verb>;
  return verbs[name] && verbs[name](a, b, c);
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
  } else if (/^[vo]/.test(type)) {
    if (type === "online") hold(0);
    if (FLAG_IDS) remember();
    flush();
  }
}

/** Lets a lazy module in. */
function use(install: Install): void {
  const now = (): ReturnType<Parameters<Install>[3]> => [queue, identity];
  if (FLAG_FULL) install(clew as never, outcomes, purposes, now, share());
  else install(clew as never, outcomes, purposes, now);
}

function start(): void {
  const stub: Partial<Clew> = window.clew || {};
  // The tag may stand in the page twice; one of us is enough.
  if (stub.track) return;
  window.clew = Object.assign(
    clew,
    FLAG_LOADER
      ? { track, page, set, reset, consent, flush, identify, load, use }
      : FLAG_IDS
        ? { track, page, set, consent, flush, identify }
        : { track, page, set, consent, flush },
  ) as never;
  if (FLAG_IDS) storage("getItem");
  consent((FLAG_IDS && identity.consent) || config.consent);
  if (FLAG_FULL) takeToken();
  observeNavigation();
  "popstate scroll focus blur online pageshow pagehide visibilitychange"
    .split(" ")
    .forEach((type) => {
      addEventListener(type, notice);
    });
  (stub.q || []).forEach((call) => {
    clew.apply(0, call as never);
  });
  // Modules first: what is sent waits for them.
  if (FLAG_LOADER) loadFeatures();
  if (FLAG_FULL) allHeard();
  navigated();
}

// A prerendered page has not been seen by anybody yet, and may never be.
if (document.prerendering) document.addEventListener("prerenderingchange", start);
else start();
