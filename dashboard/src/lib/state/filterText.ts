/**
 * Filters as text of an address: `is,source,Google,Bing`; a group of alternatives joins its
 * conditions with `;`. A `~` takes the meaning from the character after it.
 */
import { isDimension } from "./dimension";
import {
  type Condition,
  type Filter,
  type Group,
  MAX_CONDITIONS,
  MAX_VALUE_BYTES,
  MAX_VALUES,
  OPERATORS,
  type Operator,
} from "./filter";

const SPECIAL = /[~,;]/g;
const encoder = new TextEncoder();

function conditionText({ op, dimension, values }: Condition): string {
  return [op, dimension, ...values.map((value) => value.replace(SPECIAL, "~$&"))].join(",");
}

export function groupText(group: Group): string {
  return group.map(conditionText).join(";");
}

/** The conditions that can be understood; a broken one is left out rather than misread. */
export function parseGroup(text: string): Condition[] {
  return cut(text, ";").flatMap((part) => {
    const [op = "", dimension = "", ...values] = cut(part, ",").map(unescaped);
    const usable = values.filter(
      (value) => encoder.encode(value).length <= MAX_VALUE_BYTES && !value.includes("\0"),
    );
    if (!isOperator(op) || !isDimension(dimension) || usable.length === 0) return [];
    return [{ op, dimension, values: [...new Set(usable)].slice(0, MAX_VALUES) }];
  });
}

/** Keeps a filter within what the server takes. */
export function limited(groups: readonly Group[]): Filter {
  let left = MAX_CONDITIONS;
  return groups
    .map((group) => {
      const kept = group.slice(0, Math.max(0, left));
      left -= kept.length;
      return kept;
    })
    .filter((group) => group.length > 0);
}

function isOperator(text: string): text is Operator {
  return (OPERATORS as readonly string[]).includes(text);
}

/** Cuts at separators that no `~` precedes; escapes stay in. */
function cut(text: string, separator: string): string[] {
  const parts = [""];
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? "";
    if (char === separator) {
      parts.push("");
      continue;
    }
    const taken = char === "~" ? char + (text[++i] ?? "") : char;
    parts[parts.length - 1] += taken;
  }
  return parts;
}

function unescaped(text: string): string {
  return text.replace(/~(.)/gsu, "$1");
}
