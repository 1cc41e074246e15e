import { config, script } from "../lib/config";
import { endpoint, hold } from "../lib/delivery";

/** Lets a page that demands Trusted Types accept our modules. */
interface Policies {
  createPolicy<T>(name: string, rules: T): T;
}

/** Longest wait for the modules that are on their way, in milliseconds. */
const MODULES_WAIT = 2500;

let policy = { createScriptURL: (url: string): string => url };
if (FLAG_LOADER) {
  // A page may forbid policies it does not know; that must not stop the core.
  try {
    policy = (window as unknown as { trustedTypes: Policies }).trustedTypes.createPolicy(
      "clew",
      policy,
    );
  } catch {}
}

let awaited = 0;

function arrived(): void {
  if (!--awaited) hold(0);
}

/** Adds a lazy module to the page, with the nonce of our own tag and the hash that the server
 *  stated. Unknown names are ignored: the site does not use that module. */
export function load(name: string): void {
  const module = config.modules && config.modules[name];
  if (!module) return;
  const tag = document.createElement("script");
  tag.nonce = script.nonce;
  tag.crossOrigin = "anonymous";
  tag.integrity = module.integrity;
  tag.src = policy.createScriptURL(new URL(module.url, endpoint).href);
  if (FLAG_FULL) {
    // Modules have a say in what is sent: ordinary batches wait for them, but not for long.
    awaited++;
    hold(Date.now() + MODULES_WAIT);
    tag.onload = tag.onerror = arrived;
  }
  document.head.appendChild(tag);
}

/** What the tag asks for; nothing is called `undefined`. */
export function loadFeatures(): void {
  `${config.features}`.split(",").forEach(load);
}
