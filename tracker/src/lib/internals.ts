import type { ClewConfig, ClewConsent } from "../../clew";
import type { Envelope, TrackedEvent } from "../types";
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
  /** Completes and queues an event, unless the visitor's answer forbids it. */
  record(event: Partial<TrackedEvent>, wait?: number): string | undefined;
  /** The page's address as it may leave the browser. */
  cleanUrl(): string;
  /** The page view in sight; another object for every view. */
  view(): Partial<TrackedEvent>;
  /** Asked whenever a visitor begins, with the id made for it; returns the id to use. */
  visitor?(fresh: string): string;
  /** Left by the module `forms`: adds to the event what was typed into the form. */
  submitted?(form: HTMLFormElement, event: Partial<TrackedEvent>): void;
  /** Left by the module `forms`: a batch as it leaves where nobody may be measured. */
  bare?(envelope: Envelope): unknown;
  /** What another site of the same owner handed over in the address, see the module `link`. */
  token?: string | undefined;
  /** Looks over every batch before it leaves. Events are shared with the queue: copy, then change. */
  finish?(envelope: Envelope): void;
  /** Left by the module `redact`. */
  redact?: {
    text(text: string): string;
    url(url: string): string;
    /** Of a form's field: the e-mail address of somebody who wants an answer stays. */
    value(text: string): string;
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

/** A module of the variant `full`. */
export type FullInstall = (...given: Required<Parameters<Install>>) => void;
