/** How conversions are credited to what led to them. */
export const CREDIT_MODELS = ["first", "last", "linear", "time_decay", "position_based"] as const;
export type CreditModel = (typeof CREDIT_MODELS)[number];

export const CREDIT_DIMENSIONS = ["channel", "source", "campaign"] as const;
export type CreditDimension = (typeof CREDIT_DIMENSIONS)[number];
