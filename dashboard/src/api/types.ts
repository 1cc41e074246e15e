/** What the API says, one place for the whole app. Times are RFC 3339 UTC. */
export type Role = "owner" | "admin" | "marketing" | "viewer";
export type Profile = "gdpr" | "exempt" | "standard" | "hipaa";
export type IpPolicy = "none" | "hmac" | "truncated" | "full";

export interface Session {
  user: { userId: string; email: string; name: string };
  account: { accountId: string; name: string };
  /** Null: only roles on single sites. */
  role: Role | null;
  allSites: boolean;
  insecureTransport: boolean;
  idleExpiresAt: string;
  expiresAt: string;
  version: string;
  /** Public address of this server, as a snippet names it. */
  snippetOrigin: string;
}

export interface OpenSession {
  sessionId: string;
  current: boolean;
  userAgent: string;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
}

export interface InspectedLink {
  kind: "invite" | "reset";
  email: string;
  name: string;
  expiresAt: string;
}

export interface Account {
  accountId: string;
  name: string;
  createdAt: string;
}

export interface SiteRole {
  siteId: string;
  role: Role;
}

export interface User {
  userId: string;
  email: string;
  name: string;
  role: Role | null;
  allSites: boolean;
  siteRoles: SiteRole[];
  isActive: boolean;
  hasPassword: boolean;
  lastSeenAt: string | null;
  createdAt: string;
}

export interface OneTimeLink {
  url: string;
  expiresAt: string;
}

export interface NewUser {
  email: string;
  name?: string;
  /** On all sites; null or absent: only what `siteRoles` give. */
  role?: Role | null;
  siteRoles?: SiteRole[];
}

export interface Key {
  keyId: string;
  name: string;
  prefix: string;
  role: Role;
  scopes: string[];
  /** Null: all sites. */
  siteIds: string[] | null;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
  lastUsedAt: string | null;
}

export interface NewKey {
  name: string;
  role: Exclude<Role, "owner">;
  scopes?: string[];
  siteIds?: string[];
  expiresAt?: string;
}

export interface AuditEntry {
  entryId: string;
  at: string;
  actor: {
    kind: "user" | "key" | "command_line" | "system";
    id: string | null;
    name: string | null;
  };
  action: string;
  subjectKind: string;
  subjectId: string;
  siteId: string | null;
  detail: unknown;
}

export interface SiteSettings {
  requireOrigin: boolean;
  silentWhenDenied: boolean;
  honourDnt: boolean;
  queryAllow: string[];
  eventRetentionDays: number;
  rawRetentionDays: number;
}

export interface Site {
  siteId: string;
  slug: string | null;
  name: string;
  domains: string[];
  timeZone: string;
  profile: Profile;
  ip: IpPolicy;
  writeKey: string;
  isActive: boolean;
  settings: SiteSettings;
  /** The caller's effective role here. */
  role: Role;
  isDemo: boolean;
  firstEventAt: string | null;
  lastEventAt: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface NewSite {
  name: string;
  domains: string[];
  slug?: string;
  timeZone?: string;
  profile?: Profile;
}

export type SiteChange = Partial<
  Pick<Site, "name" | "slug" | "domains" | "timeZone" | "profile" | "ip" | "isActive"> & {
    settings: Partial<SiteSettings>;
  }
>;

export interface EventView {
  eventId: string;
  clientId: string | null;
  formId: string | null;
  leadId: string | null;
  eventType: string;
  name: string | null;
  sessionId: string | null;
  visitorId: string | null;
  url: string | null;
  payload: Record<string, unknown>;
  metadata: Record<string, unknown>;
  timestamp: string;
  createdAt: string;
}

export type FindingCode =
  | "foreign_origin"
  | "bot"
  | "consent_pending"
  | "quarantined"
  | "script_not_loaded"
  | "script_without_events"
  | "tracker_error";

export interface Finding {
  code: FindingCode;
  host: string | null;
  count: number;
  lastAt: string | null;
  detail: string | null;
}

export interface Verification {
  state: "waiting" | "receiving";
  firstLiveEventAt: string | null;
  lastLiveEventAt: string | null;
  lastEvent: EventView | null;
  scriptLoads: { count: number; lastAt: string | null; lastHost: string | null };
  findings: Finding[];
}

export interface SiteHealth {
  /** Journal records that reports do not show yet, and since when. */
  lag: { records: number; seconds: number };
  received: { counted: number; bots: number; quarantined: number };
  quarantinedBy: Record<string, number>;
  /** What was turned away since the server started, in the period or not. */
  refused: { code: string; host: string | null; count: number; lastAt: string | null }[];
  refusedSince: string;
  identity: Record<string, number>;
  /** Events by what their visitors had said. */
  consent: { granted: number; denied: number; unknown: number };
  /** Events of browsers that sent a Global Privacy Control signal. */
  gpc: number;
  unverifiedOrigin: number;
  samplingRate: number;
}

export interface SampleData {
  state: "none" | "loading" | "ready" | "removing" | "failed";
  importId: string | null;
  done: number;
  total: number;
  message: string | null;
}
