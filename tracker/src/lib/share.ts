import { cleanUrl } from "./cleanUrl";
import { config } from "./config";
import { endpoint, hold } from "./delivery";
import { storage } from "./identity";
import type { Shared } from "./internals";
import { optedOut } from "./optOut";
import { record } from "./record";
import { shared } from "./shared";
import { view } from "./view";

/** What the lazy modules of the variant `full` get, the core's own part of it included. */
export function share(): Shared {
  const own = { config, endpoint, hold, storage, optedOut, record, cleanUrl, view: () => view };
  return Object.assign(shared, own);
}
