import type { FullInstall } from "../lib/internals";
import { drop, read, write } from "./webStorage";

const VISITOR = "_crm_visitor_id";
/** Since when we know that visitor; ours, the older script noted no time. */
const SINCE = "_crm_visitor_since";
const SESSION = "_crm_session_id";
/** When the session was last in use; ours, too. */
const USED = "_crm_session_used";
const SESSION_MS = 30 * 60_000;

/** The visitor and the session that the CRM web tracker kept in the browser go on as they are: read
 *  and kept under its own names where ids may be kept, removed after a refusal. An id lives no
 *  longer than the site says, counted from our first look at it. */
export const installCrmStorage: FullInstall = (verbs, _past, purposes, now, shared) => {
  const { config } = shared;
  const consent = verbs.consent as (state?: unknown) => void;

  function isOld(since: string | null): boolean {
    return !!since && +since < Date.now() - ((config.days || 395) as number) * 864e5;
  }

  function mayKeep(): boolean {
    const unasked = purposes.analytics === undefined && config.unknown === "store";
    const area = config.storage || "local";
    return !!(purposes.analytics || unasked) && /^(local|session)$/.test(area);
  }

  function clearAfterRefusal(): void {
    if (purposes.analytics !== false && !shared.optedOut()) return;
    drop("local", [VISITOR, SINCE]);
    drop("session", [SESSION, USED]);
  }

  function clearWhatIsOld(): void {
    if (!isOld(read("local", SINCE))) return;
    drop("local", [VISITOR, SINCE]);
    now()[1].visitor_id = undefined;
    shared.storage("setItem");
  }

  shared.visitor = (fresh) => {
    const id = read("local", VISITOR) || fresh;
    write("local", VISITOR, id);
    if (!read("local", SINCE)) write("local", SINCE, `${Date.now()}`);
    return id;
  };

  const finish = shared.finish;
  shared.finish = (envelope) => {
    if (finish) finish(envelope);
    if (!mayKeep()) return;
    const used = read("session", USED);
    const goesOn = !used || Date.now() - +used < SESSION_MS;
    const id = (goesOn && read("session", SESSION)) || newSession();
    write("session", SESSION, id);
    write("session", USED, `${Date.now()}`);
    envelope.session_id = id;
  };

  verbs.consent = (state: never) => {
    consent(state);
    clearAfterRefusal();
  };

  clearWhatIsOld();
  clearAfterRefusal();
};

/** Unique, not secret. */
function newSession(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
}
