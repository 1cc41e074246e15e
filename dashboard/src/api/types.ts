import type * as schema from "./generated/schema";

/** What the API says, one place for the whole app. The shapes come from api/openapi.json; here stand
 *  the words that a field may be, which the description leaves open. Times are RFC 3339 UTC. */
export type Role = "owner" | "admin" | "marketing" | "viewer";
export type Profile = "gdpr" | "exempt" | "standard" | "hipaa";
export type IpPolicy = "none" | "hmac" | "truncated" | "full";

/** An answer: the server sends every field, null where there is nothing. */
type Answer<Shape, Words = unknown> = Omit<Required<Shape>, keyof Words> & Words;
/** A body: only what is to be said. */
type Body<Shape, Words = unknown> = Omit<Shape, keyof Words> & Words;

export type Session = Answer<
  schema.SessionView,
  {
    /** Null: only roles on single sites. */
    role: Role | null;
  }
>;
export type OpenSession = Answer<schema.OpenSession>;
export type InspectedLink = Answer<schema.LinkView, { kind: "invite" | "reset" }>;
export type Setup = Body<schema.SetupBody>;

export type Account = Answer<schema.AccountView>;
export type SiteRole = Answer<schema.SiteRole, { role: Role }>;
export type User = Answer<schema.UserView, { role: Role | null; siteRoles: SiteRole[] }>;
export type OneTimeLink = Answer<schema.LinkMade>;
/** `role` holds on all sites; null or absent: only what `siteRoles` give. */
export type NewUser = Body<schema.UserBody, { role?: Role | null; siteRoles?: SiteRole[] }>;
export type UserChange = Body<schema.UserPatch, { role?: Role | null; siteRoles?: SiteRole[] }>;

/** What a marketing key may be shown, as `/analytics/*` and the reports name it. */
export const ANALYTICS_PAGES = [
  "overview",
  "timeseries",
  "sessions",
  "leads",
  "replay",
  "reports",
] as const;
export type AnalyticsPage = (typeof ANALYTICS_PAGES)[number];
export type Key = Answer<
  schema.KeyView,
  {
    role: Role;
    /** The only pages that it sees; null: as far as its role goes. */
    visiblePages: AnalyticsPage[] | null;
  }
>;
export type NewKey = Body<schema.KeyBody, { role: Exclude<Role, "owner" | "marketing"> }>;
export type NewMarketingKey = Body<
  schema.MarketingKeyBody,
  { visible_pages: readonly AnalyticsPage[] }
>;

export type Form = Answer<schema.FormView>;
export type NewForm = Body<schema.FormBody>;
export type FormChange = Body<schema.FormPatch>;
export type FormField = Answer<schema.FieldView>;
export type NewFormField = Body<schema.FieldBody>;
/** `label: null` takes the label away. */
export type FormFieldChange = Body<schema.FieldPatch, { label?: string | null }>;

export type AuditEntry = Answer<
  schema.AuditEntry,
  {
    actor: Answer<schema.AuditActor, { kind: "user" | "key" | "command_line" | "system" }>;
  }
>;

export type VisitorIdPolicy = "none" | "storage" | "cookie";
export type ChannelCondition = Answer<
  schema.ChannelConditionBody,
  { field: ChannelField; op: ChannelOp }
>;
export type ChannelRule = Answer<schema.ChannelRuleBody, { when: ChannelCondition[] }>;
export const CHANNEL_FIELDS = [
  "source",
  "medium",
  "campaign",
  "content",
  "term",
  "referrer_host",
  "click_id",
  "path",
] as const;
export type ChannelField = (typeof CHANNEL_FIELDS)[number];
export const CHANNEL_OPS = ["is", "is_not", "contains", "starts_with", "ends_with"] as const;
export type ChannelOp = (typeof CHANNEL_OPS)[number];

export type AuditChain = Answer<
  schema.AuditVerification,
  { brokenAt: number | null; problem: string | null }
>;

interface SettingsWords {
  retentionAction: "archive" | "delete";
  visitorId: VisitorIdPolicy;
  channelRules: ChannelRule[];
}

interface SiteWords {
  profile: Profile;
  ip: IpPolicy;
}
export type Site = Answer<
  schema.SiteView,
  SiteWords & {
    settings: Answer<schema.SettingsView, SettingsWords>;
    /** The caller's effective role here. */
    role: Role;
  }
>;
export type SiteSettings = Site["settings"];
export type NewSite = Body<schema.SiteBody, { profile?: Profile }>;
export type SiteChange = Body<
  schema.SitePatch,
  Partial<SiteWords> & { settings?: Partial<SiteSettings> }
>;

export type EventView = Answer<
  schema.EventView,
  { payload: Record<string, unknown>; metadata: Record<string, unknown> }
>;

export type FindingCode = schema.FindingCode;
export type Finding = Answer<schema.Finding>;
export type Verification = Answer<
  schema.Verification,
  {
    state: "waiting" | "receiving";
    findings: Finding[];
    lastEvent: EventView | null;
    scriptLoads: Answer<schema.ScriptLoads>;
  }
>;

type Counts = Record<string, number>;
export type SiteHealth = Answer<
  schema.HealthView,
  {
    identity: Counts;
    consent: schema.ConsentView & Counts;
    refused: Answer<schema.Refused, { lastAt: string | null }>[];
  }
>;

export type SampleData = Answer<
  schema.SampleDataView,
  { state: "none" | "loading" | "ready" | "removing" | "failed" }
>;

export type ConsentMix = Answer<schema.AnswerMix> & Answer<schema.ConsentView>;
/** Where places come from. */
export type GeoStatus = Answer<
  schema.GeoStatus,
  {
    source: "database" | "time_zone";
    databases: Answer<schema.GeoDatabase, { attribution: string | null }>[];
  }
>;
/** How a site keeps its promises: what is kept, who agreed, which salts live. */
export type PrivacySummary = Answer<
  schema.PrivacyView,
  {
    profile: Profile;
    ip: IpPolicy;
    table: Answer<schema.KeptRow>[];
    /** Null while reports are not available. */
    consentMix: ConsentMix | null;
    identityMix: Counts | null;
    salts: {
      living: Answer<schema.LivingSalt>[];
      destroyed: Answer<schema.DestroyedView, { lastAt: string | null }>;
    };
    visitorId: { policy: VisitorIdPolicy; days: number };
    geo: GeoStatus;
  }
>;

export type Retention = Answer<
  schema.SiteRetentionView,
  { action: "archive" | "delete"; lastRunAt: string | null; watermark: string | null }
>;

export type Export = Answer<
  schema.ExportView,
  {
    status: "queued" | "running" | "ready" | "failed" | "expired";
    subject: { kind: string };
    progress: { events: number };
    /** Sizes of the files, once they can be downloaded. */
    files: { jsonBytes: number; csvBytes: number } | null;
  }
>;

export type VisitorRow = Answer<schema.VisitorSummary>;
/** What brought a visitor once. Absent text is empty. */
export type Touch = Answer<schema.TouchView>;
export type CreditShare = Answer<schema.ShareView>;
export type Score = Answer<schema.ScoreView, { reasons: Answer<schema.ReasonView>[] }>;
/** What joins a visitor with a person or with other visitors. */
export type PersonLink = Answer<
  schema.PersonLinkView,
  {
    kind: "user" | "merge" | "fingerprint" | "ip" | "network" | (string & {});
    saidBy: "page" | "hand" | null;
  }
>;
export const MODELS = ["first", "last", "linear", "timeDecay", "positionBased"] as const;
export type Model = (typeof MODELS)[number];
export type Visitor = Answer<
  schema.VisitorProfile,
  {
    person: Answer<schema.PersonOfVisitor> | null;
    firstTouch: Touch | null;
    lastTouch: Touch | null;
    touches: Touch[];
    attribution: Record<Model, CreditShare[]>;
    links: PersonLink[];
    engagement: Score;
    suspicion: Score;
  }
>;
export type CreditRow = Answer<schema.AttributionRow, { revenue: Answer<schema.Amount>[] }>;
export type AttributionReport = Answer<
  schema.AttributionReport,
  {
    rows: CreditRow[];
    unattributed: CreditRow;
    meta: Answer<schema.AttributionMeta, { goal: string | null }>;
  }
>;

export type BotRow = Answer<schema.BotsRow>;

export type ErasureStep = Answer<
  schema.ErasureStepView,
  {
    /** `verified`: looked through once more, and nothing was found. */
    status: "pending" | "erased" | "verified";
    finishedAt: string | null;
  }
>;
export type Erasure = Answer<
  schema.ErasureView,
  {
    /** `failed` is tried again. */
    status: "queued" | "running" | "done" | "failed";
    /** `replayed`: a restored backup brought somebody back. */
    subject: { kind: "visitor" | "user" | "replayed" | (string & {}) };
    /** Empty in a list. */
    steps: ErasureStep[];
  }
>;
