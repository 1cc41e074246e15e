import { config } from "./config";
import { hold } from "./delivery";
import { storage } from "./identity";
import type { Shared } from "./internals";
import { optedOut } from "./optOut";

/** Where the core and its lazy modules leave what the others need (variant `full`). */
export const shared = { config, hold, storage, optedOut } as Shared;
