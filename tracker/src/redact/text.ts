import { ibanLength, isCard } from "./numbers";

/** Letters of any script count, so that nothing of `jürgen@müller.example` stays behind. */
const EMAIL =
  /[^\s@<>()[\]{},;:"/?&=#\\|%]{1,64}@(?:[^\s!-,./:-@[-^`{-~]{1,63}\.)+(xn--[\w-]+|[^\s!-@[-`{-~]{2,})/g;
/** `sprite@2x.png` is a file. */
const FILE = /^(png|jpe?g|gif|svg|webp|avif|ico|css|js|map|json|html?)$/i;
const SSN = /(^|[^\w-])(?!000|666|9)\d{3}([- ])(?!00)\d\d\2(?!0000)\d{4}(?![\w-])/g;
const DIGITS = /(^|[^\w.])(\d(?:[ -]?\d){11,})(?!\w|\.\d)/g;
const IBAN_START = /(^|[^A-Za-z0-9])(?=[A-Za-z]{2}\d\d)/g;
const PASSPORT =
  /((?:passport|passeport|pasaporte|passaport[eo]|reisepass|paspoort|passnummer|passnr)(?:[\s:.#-]|no\b|nr\b|num(?:ber|mer|ero)?\b|is\b)*)([a-z0-9]{6,12})(?![a-z0-9])/gi;
const RUN = /[\w.~!$'*+@%-]+/g;
const ESCAPES = /(?:%[0-9a-f]{2})+/gi;
const BASE64 = [/[A-Za-z0-9+_-]{14,}={0,2}/g, /[A-Za-z0-9+/]{14,}={0,2}/g];
const MAY_HOLD = /[@%]|\d.{5}|[A-Za-z0-9+/_-]{14}/;

/** Layers of encoding that are taken off. */
const DEPTH = 2;

/** `text` with `mark` for everything that it must not hold: e-mail addresses, payment cards, social
 *  security numbers, IBANs, passport numbers; as it stands, percent-encoded, or in base64. What is
 *  encoded is replaced as a whole. No state between calls. With `keepEmails` addresses stay: somebody
 *  wrote them down to be answered. */
export function redactText(
  text: string,
  mark: string,
  depth = DEPTH,
  keepEmails?: boolean,
): string {
  if (!MAY_HOLD.test(text)) return text;
  let out = text;
  if (depth) {
    const hides = (decoded: string | undefined): unknown =>
      decoded && decoded !== text && redactText(decoded, mark, depth - 1, keepEmails) !== decoded;
    out = out.replace(RUN, (run) => (run.indexOf("%") < 0 || !hides(unescaped(run)) ? run : mark));
    BASE64.forEach((pattern) => {
      out = out.replace(pattern, (run) => (hides(fromBase64(run)) ? mark : run));
    });
  }
  return plain(out, mark, keepEmails);
}

function plain(text: string, mark: string, keepEmails?: boolean): string {
  return ibans(
    text
      .replace(EMAIL, (found, top: string) => (keepEmails || FILE.test(top) ? found : mark))
      .replace(SSN, `$1${mark}`)
      .replace(DIGITS, (_, before: string, run: string) => before + cards(run, mark)),
    mark,
  ).replace(PASSPORT, (found, words: string, number: string) =>
    number.replace(/\D/g, "").length > 4 ? words + mark : found,
  );
}

/** Digits in groups: one card is one group or some that follow each other. */
function cards(run: string, mark: string): string {
  const groups = run.split(/[ -]/);
  for (let from = 0; from < groups.length; from++) {
    let digits = "";
    for (let to = from; to < groups.length && digits.length < 20; to++) {
      digits += groups[to];
      if (!isCard(digits)) continue;
      // The separators are as long as each other, so lengths tell where the card is.
      const start = groups.slice(0, from).join(" ").length + (from && 1);
      const end = groups.slice(0, to + 1).join(" ").length;
      return run.slice(0, start) + mark + cards(run.slice(end), mark);
    }
  }
  return run;
}

function ibans(text: string, mark: string): string {
  let out = "";
  let kept = 0;
  text.replace(IBAN_START, (found, _before, at: number) => {
    const start = at + found.length;
    const length = start < kept ? 0 : ibanLength(text.slice(start));
    if (length) {
      out += text.slice(kept, start) + mark;
      kept = start + length;
    }
    return found;
  });
  return out + text.slice(kept);
}

function unescaped(run: string): string {
  return run.replace(ESCAPES, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

/** The text within, if it is one. */
function fromBase64(run: string): string | undefined {
  try {
    const text = atob(run.replace(/-/g, "+").replace(/_/g, "/").replace(/=+$/, ""));
    return /^[\t\n\r -~]+$/.test(text) ? text : undefined;
  } catch {}
}
