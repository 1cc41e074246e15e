/** How conversions are credited to what led to them. Snake case, as every report. */
export const CREDIT_MODELS = ["first", "last", "linear", "time_decay", "position_based"] as const;
export type CreditModel = (typeof CREDIT_MODELS)[number];

export const CREDIT_DIMENSIONS = ["channel", "source", "campaign"] as const;
export type CreditDimension = (typeof CREDIT_DIMENSIONS)[number];

export interface CreditRow {
  /** Empty: the touch has none. */
  value: string;
  /** Fractions: one conversion may be shared. */
  conversions: number;
  revenue: { currency: string; minor: number }[];
}

export interface AttributionReport {
  /** The most credited first. */
  rows: CreditRow[];
  /** What no touch led to, as far as policy lets anybody know. */
  unattributed: CreditRow;
  meta: {
    goal: string | null;
    look_back_days: number;
    conversions: number;
    /** Of visitors who are recognised for a day only. */
    cookieless: number;
  };
}
