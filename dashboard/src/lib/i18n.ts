import { i18n, type Messages } from "@lingui/core";
import { useSyncExternalStore } from "react";

/** Texts of the app. The English text stands in the code and is its own id, in ICU message syntax;
 *  another language is a catalogue of `{ English: translation }` that is fetched when it is chosen. */
export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

/** Catalogues are compiled by the build; a language that is not English comes when it is chosen. */
type Catalogs = { en: Messages } & Record<Exclude<Language, "en">, () => Promise<Messages>>;

const STORAGE = "clew.language";
let catalogs: Catalogs;

// What is in no catalogue needs no compiling: it is plain text. (While developing, the library
// compiles whatever is said.)
if (import.meta.env.PROD) i18n.setMessagesCompiler((message) => [message]);

/** The text for an English message; `values` fill its placeholders: `t("{n} sites", { n: 3 })`. */
export function t(message: string, values?: Record<string, unknown>): string {
  return i18n._(message, values);
}

/** Marks a text that is chosen now and translated later by `t(variable)`. */
export function msg(message: string): string {
  return message;
}

export function language(): Language {
  return i18n.locale as Language;
}

/** Re-renders when the language changes. */
export function useLanguage(): Language {
  return useSyncExternalStore((changed) => i18n.on("change", changed), language);
}

/** To be awaited before the first render. */
export async function startI18n(known: Catalogs): Promise<void> {
  catalogs = known;
  await activate(preferred());
}

export async function setLanguage(chosen: Language): Promise<void> {
  localStorage.setItem(STORAGE, chosen);
  await activate(chosen);
}

async function activate(chosen: Language): Promise<void> {
  i18n.loadAndActivate({
    locale: chosen,
    messages: chosen === "en" ? catalogs.en : await catalogs[chosen](),
  });
  document.documentElement.lang = chosen;
}

function preferred(): Language {
  const wanted = [localStorage.getItem(STORAGE), ...navigator.languages];
  for (const tag of wanted) {
    const short = tag?.slice(0, 2).toLowerCase();
    if (short && short in LANGUAGES) return short as Language;
  }
  return "en";
}
