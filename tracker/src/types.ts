import type { ClewConsent, ClewProps } from "../clew";

/** One event as `POST /v1/events` takes it. */
export interface TrackedEvent {
  id: string;
  type: string;
  name?: string | undefined;
  /** Epoch milliseconds by this browser's clock; the server corrects the skew. */
  t: number;
  url: string;
  title?: string;
  referrer?: string | undefined;
  props?: ClewProps | undefined;
  value?: number | undefined;
  currency?: string | undefined;
  engaged_ms?: number;
  scroll?: number;
  /** From the start of the navigation to the end of the load event. */
  load_time_ms?: number;
  /** The site's own id of the form, else what the page calls it. */
  form_id?: string;
  /** What was typed into it. */
  fields?: Record<string, string> | undefined;
  /** Position within the session, else within this document; from 1. */
  seq: number;
  /** `1920x1080`. */
  screen?: string;
  viewport?: string;
  /** IANA zone. */
  tz?: string;
  visitor_id?: string | undefined;
  session_id?: string | undefined;
}

/** A batch as it is posted; the ids of `Identity` join it. */
export interface Envelope {
  site_id: string | undefined;
  sent_at: number;
  consent: ClewConsent;
  screen: string;
  viewport: string;
  tz: string;
  /** Driven by a program, says the browser. */
  webdriver?: boolean;
  /** Hash of what the lazy module `fp` measured. */
  fingerprint?: string | undefined;
  /** The session that an older script began, see `compat/crm`. */
  session_id?: string;
  events: TrackedEvent[];
}
