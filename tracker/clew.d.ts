/**
 * Public types of the browser SDK.
 *
 * Name your site's events once and `track` checks their properties everywhere:
 *
 * ```ts
 * declare global {
 *   interface ClewEvents {
 *     purchase: { order_id: string; coupon?: string };
 *   }
 * }
 * clew.track("purchase", { order_id: "A-17" }, { value: 49.9, currency: "EUR" });
 * ```
 */

export type ClewProps = Record<string, string | number | boolean | null | undefined>;

/** `true` granted, `false` refused, absent: never asked. */
export interface ClewConsent {
  analytics?: boolean;
  marketing?: boolean;
  replay?: boolean;
  /** Values typed into a form before it is sent. */
  partial?: boolean;
}

/** Google's Consent Mode v2 (variant `full`): `analytics_storage` is analytics, the others together
 *  are marketing. */
export interface ClewConsentMode {
  analytics_storage?: "granted" | "denied";
  ad_storage?: "granted" | "denied";
  ad_user_data?: "granted" | "denied";
  ad_personalization?: "granted" | "denied";
}

export interface ClewRevenue {
  /** In major units: 49.9 is 49.90 EUR. */
  value?: number;
  /** ISO 4217, e.g. `EUR`. */
  currency?: string;
  /** Your own id of this event, e.g. an order number: counted once however often it is sent. */
  id?: string;
}

/** Attributes of the script tag (`data-site-id` …), or keys of `window.ClewConfig`. */
export interface ClewConfig {
  siteId?: string;
  /** Base address of the collector; default: the origin that served the script. */
  api?: string;
  /** Where ids and unsent events may be kept once analytics consent is granted; default `local`.
   *  `cookie`: the server keeps the id, in a cookie that no script can read (variant `full`). */
  storage?: "local" | "session" | "none" | "cookie";
  /** Where events are posted, under `api`; default `/v1/events` (variant `full`). */
  path?: string;
  /** State before `consent()` is called; default: unknown (cookieless counting). */
  consent?: "granted" | "denied" | "pending";
  /** What Global Privacy Control does besides refusing marketing and replay. `deny`: it refuses
   *  analytics too; `silent`: and then nothing at all is sent or stored (variant `full`; the others
   *  take it for `deny`). */
  gpc?: "deny" | "silent";
  /** After a refusal: count without ids (default), or send nothing. */
  denied?: "cookieless" | "silent";
  /** While nobody was asked: count without ids (default), keep a visitor id all the same, or send
   *  nothing (variant `full`). */
  unknown?: "cookieless" | "store" | "silent";
  /** Whom the page itself wants to be taken for somebody who refused: those who gave no answer, or
   *  everybody. Written by `EvothesisConfig.privacy_mode`. */
  refused?: "unanswered" | "always";
  /** Longest life of a visitor id in days; default 395. A visit does not prolong it. */
  days?: string | number;
  /** Recognise browsers by what they are like, once analytics is granted (variant `full`). */
  fingerprint?: boolean;
  /** Other domains of the site, to which links carry the visitor (variant `full`). */
  domains?: string[];
  /** What of a form is sent (modules `auto` and `forms`): the `names` of its fields; with `submit`
   *  (default) what was typed into the tracked ones, when it is submitted; with `partial` also
   *  before that, where the visitor has agreed to `partial`. */
  capture?: "names" | "submit" | "partial";
  /** Tracked fields, comma separated; default: all that make a lead (`email`, `phone`, `name`,
   *  `full_name`, `first_name`, `last_name`, `company`, `organization`, `message`, `comments`). */
  values?: string;
  /** The site's forms and their fields, as it described them; written by the server. */
  forms?: ClewForm[];
  fields?: ClewField[];
  /** Other names of the site; written by the server. */
  clientId?: string;
  apiKey?: string;
  /** The site's own settings for its pages; written by the server. */
  widgets?: unknown;
  theme?: unknown;
  /** Say in the console what runs. */
  debug?: boolean | string;
  /** Query parameters kept in page addresses besides campaign ones: a regular expression of their
   *  names, e.g. `page|sort`, or `.*` for all. */
  query?: string;
  /** `true`: the fragment is part of the page's address. */
  hash?: string | boolean;
  /** `false`: no automatic page views; call `page()`. */
  auto?: string | boolean;
  /** Events that fill a batch; default 10. */
  batch?: string | number;
  /** Longest wait of an event in milliseconds; default 5000. */
  flush?: string | number;
  /** Lazy modules to load at start, comma separated (loader variant). */
  features?: string;
  /** Where lazy modules are and what they must hash to; written by the server. */
  modules?: Record<string, { url: string; integrity: string }>;
}

/** A form that the site described. */
export interface ClewForm {
  formId: string;
  formName?: string;
  /** Where it stands; forms of this page come before those of another. */
  pageUrl?: string;
  formSelector: string;
  alternativeSelectors?: string[];
}

/** A field of such a form. */
export interface ClewField {
  formId: string;
  fieldSelector: string;
  /** Under which its value is sent. */
  fieldName: string;
  fieldType?: string;
}

type ClewEventName = keyof ClewEvents | (string & {});
type ClewEventProps<N> = N extends keyof ClewEvents ? ClewEvents[N] : ClewProps;

export interface ClewMethods {
  /** Records a custom event and returns its id (`undefined` when nothing may be recorded). */
  track<N extends ClewEventName>(
    name: N,
    props?: ClewEventProps<N>,
    revenue?: ClewRevenue,
  ): string | undefined;
  /** Records a page view of the current address. */
  page(props?: ClewProps): string | undefined;
  /** Ties what follows to a user of yours. Not in the cookieless variant. */
  identify(userId: string, traits?: ClewProps): string | undefined;
  /** Properties that join every later event; `undefined` removes one. */
  set(props: ClewProps): void;
  /** The visitor's answer, for all purposes or some; `pending` waits for another one. */
  consent(state: "granted" | "denied" | "pending" | ClewConsent | ClewConsentMode): void;
  /** Begins a new visitor, e.g. at log-out: forgets user and common properties (loader variant). */
  reset(): void;
  /** Keeps nothing of this visitor any more, here and on later pages, whatever a consent tool says;
   *  `optIn` takes it back and agrees. Added by the lazy module `consent`. */
  optOut(): void;
  optIn(): void;
  /** Sends what waits, now. */
  flush(): void;
  /** Loads a lazy module (loader variant). */
  load(module: string): void;
  /** Added by the lazy module `stats`. */
  getStats(): ClewStats;
}

export interface ClewStats {
  events_queued: number;
  events_sent: number;
  batches_sent: number;
  avg_batch_size: number;
  /** Epoch ms; null before the first batch. */
  last_flush: number | null;
  /** Not taken because the queue was full. */
  dropped: number;
  /** Refused by the server for good. */
  failed: number;
  offline_queued: number;
  consent: ClewConsent;
  version: string;
}

type Calls = {
  [M in keyof ClewMethods]: [method: M, ...args: Parameters<ClewMethods[M]>];
}[keyof ClewMethods];

/** `clew("track", "signup")` before the script has loaded, `clew.track("signup")` after it. */
export interface Clew extends Partial<ClewMethods> {
  (...call: Calls): unknown;
  q?: ArrayLike<unknown>[];
}

declare global {
  /** Extend by declaration merging: event name → its properties. */
  interface ClewEvents {}
  interface Window {
    clew?: Clew;
    ClewConfig?: ClewConfig;
  }
  var clew: Clew;
}
