/** The site's own channels while they are edited: each rule and condition has a key of its own, so that
 *  moving them moves their fields, with what is typed and the focus. */
import type { ChannelCondition, ChannelRule } from "../../../api/types";

export interface ConditionDraft extends ChannelCondition {
  key: number;
}

export interface RuleDraft {
  key: number;
  channel: string;
  when: ConditionDraft[];
}

/** The server's limits. */
export const MOST_RULES = 100;
export const MOST_CONDITIONS = 10;

let lastKey = 0;
const keyed = <T extends object>(one: T) => ({ ...one, key: ++lastKey });

export const newCondition = (): ConditionDraft =>
  keyed({ field: "source", op: "is", value: "" } as const);

export const newRule = (): RuleDraft => keyed({ channel: "", when: [newCondition()] });

export function toDrafts(rules: readonly ChannelRule[]): RuleDraft[] {
  return rules.map(({ channel, when }) => keyed({ channel, when: when.map(keyed) }));
}

export function fromDrafts(drafts: readonly RuleDraft[]): ChannelRule[] {
  return drafts.map(({ channel, when }) => ({
    channel: channel.trim(),
    when: when.map(({ field, op, value }) => ({ field, op, value: value.trim() })),
  }));
}

/** With the rule one place nearer to the beginning (-1) or end (1); as it was at either end. */
export function moved(drafts: readonly RuleDraft[], key: number, by: -1 | 1): RuleDraft[] {
  const from = drafts.findIndex((draft) => draft.key === key);
  const to = from + by;
  const [one, other] = [drafts[from], drafts[to]];
  if (!one || !other) return [...drafts];
  return drafts.with(from, other).with(to, one);
}

export function changed(
  drafts: readonly RuleDraft[],
  key: number,
  change: Partial<RuleDraft>,
): RuleDraft[] {
  return drafts.map((draft) => (draft.key === key ? { ...draft, ...change } : draft));
}

/** Whether two lists of rules say the same. */
export function same(one: readonly ChannelRule[], other: readonly ChannelRule[]): boolean {
  return JSON.stringify(fromDrafts(toDrafts(one))) === JSON.stringify(fromDrafts(toDrafts(other)));
}
