import { i18n } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import { useSyncExternalStore } from "react";

/** Texts of the app. The English text stands in the code and is its own id, in ICU message syntax;
 *  another language is a catalogue of `{ English: translation }` that is fetched when it is chosen. */
export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;
export type Catalog = Record<string, string>;
type Loaders = Record<Exclude<Language, "en">, () => Promise<Catalog>>;

const STORAGE = "clew.language";
let loaders: Loaders;

type Compiled = ReturnType<typeof compileMessage>;
const compiled = new Map<string, Compiled>();
i18n.setMessagesCompiler((message) => {
  let known = compiled.get(message);
  if (known === undefined) {
    known = compileMessage(message);
    compiled.set(message, known);
  }
  return known;
});

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
export async function startI18n(catalogs: Loaders): Promise<void> {
  loaders = catalogs;
  await activate(preferred());
}

export async function setLanguage(chosen: Language): Promise<void> {
  localStorage.setItem(STORAGE, chosen);
  await activate(chosen);
}

async function activate(chosen: Language): Promise<void> {
  i18n.loadAndActivate({
    locale: chosen,
    messages: chosen === "en" ? {} : await loaders[chosen](),
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
