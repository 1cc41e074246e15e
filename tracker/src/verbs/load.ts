import { endpoint } from "../lib/delivery";
import { config, option, script } from "../lib/option";

/** Lets a page that demands Trusted Types accept our modules. */
interface Policies {
  createPolicy<T>(name: string, rules: T): T;
}

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
  document.head.appendChild(tag);
}

/** What the tag asks for; nothing is called `undefined`. */
export function loadFeatures(): void {
  `${option("features")}`.split(",").forEach(load);
}
