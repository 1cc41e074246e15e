import type { ClewConfig, ClewConsent } from "../../clew";
import type { Envelope } from "../types";
import type { Identity } from "./identity";
import type { outcomes } from "./outcomes";

/** What lazy modules of the variant `full` may use and add to. Their names stay as they are when
 *  the scripts are minified. */
export interface Shared {
  config: ClewConfig;
  endpoint: URL;
  /** No ordinary flush before this moment; 0: no reason to wait any longer. */
  hold(moment: number): void;
  storage(operation: "getItem" | "setItem" | "removeItem"): 1 | undefined;
  optedOut(): unknown;
  /** What another site of the same owner handed over in the address, see the module `link`. */
  token?: string | undefined;
  /** Looks over every batch before it leaves. Events are shared with the queue: copy, then change. */
  finish?(envelope: Envelope): void;
  /** Left by the module `redact`. */
  redact?: {
    text(text: string): string;
    url(url: string): string;
    isSecret(name: string): boolean;
  };
}

/** What the core shows to its lazy modules. They are built and versioned together. */
export type Install = (
  verbs: Record<string, (...args: never[]) => unknown>,
  past: typeof outcomes,
  purposes: ClewConsent,
  now: () => [queue: Envelope["events"], identity: Identity],
  shared?: Shared,
) => void;
