import type { Shared } from "./internals";

/** Where the core and its lazy modules leave what the others need (variant `full`); the core's own
 *  part is put in when the first module comes. */
export const shared = {} as Shared;
