/** Everything the palette offers. Each command is a place to go or a thing to do. */
import type { Site } from "../../api/types";
import { siteAddress } from "../../lib/address";
import { LANGUAGES, type Language, msg, setLanguage, t } from "../../lib/i18n";
import { add, type Condition } from "../../lib/state/filter";
import { INITIAL_STATE, type OverviewState, serialiseState } from "../../lib/state/overview";
import { setTheme, type Theme } from "../../lib/theme";
import { PRESETS } from "../overview/period/presets";
import { openSheet } from "../shortcuts/open";

export interface PaletteCommand {
  key: string;
  group: string;
  label: string;
  /** Further words by which it is found. */
  also?: string;
  shortcut?: string;
  href?: string;
  run?: () => void;
}

const SITE_PAGES = [
  { page: "", label: msg("Overview"), shortcut: "G O" },
  { page: "/live", label: msg("Live events"), shortcut: "G L" },
  { page: "/visitors", label: msg("Visitors"), shortcut: "G V" },
  { page: "/attribution", label: msg("Attribution"), shortcut: "G C" },
  { page: "/bots", label: msg("Bots"), shortcut: "G B" },
  { page: "/forms", label: msg("Forms"), shortcut: "G F" },
  { page: "/privacy", label: msg("Privacy"), shortcut: "G P" },
  { page: "/install", label: msg("Install"), shortcut: "G I" },
  { page: "/settings", label: msg("Site settings"), shortcut: "G T" },
];
const ACCOUNT_PAGES = [
  { page: "/", label: msg("Sites"), shortcut: "G S" },
  { page: "/settings", label: msg("Your account"), shortcut: "G A" },
];
const THEMES: { theme: Theme; label: string }[] = [
  { theme: "light", label: msg("Light colours") },
  { theme: "dark", label: msg("Dark colours") },
  { theme: "system", label: msg("Colours of the device") },
];

interface Where {
  sites: readonly Site[];
  /** The site the page is about. */
  site: Site | null;
  /** The overview's state where it is open. */
  state: OverviewState | null;
  typed: string;
}

/** All commands, before they are narrowed by what was typed. */
export function commandsFor({ sites, site, state, typed }: Where): PaletteCommand[] {
  const view = (change: Partial<OverviewState>): string => {
    const query = serialiseState({ ...(state ?? INITIAL_STATE), ...change });
    const address = site ? siteAddress(site) : "/";
    return query ? `${address}?${query}` : address;
  };
  return [
    ...(site && typed
      ? filterCommands(typed, (condition) => view({ filter: add(state?.filter ?? [], condition) }))
      : []),
    ...(site
      ? SITE_PAGES.map(({ page, label, shortcut }) => ({
          key: `page${page}`,
          group: site.name,
          label: t(label),
          shortcut,
          href: siteAddress(site, page),
        }))
      : []),
    ...(state && state.filter.length > 0
      ? [
          {
            key: "clear",
            group: t("View"),
            label: t("Clear all filters"),
            shortcut: "Esc",
            href: view({ filter: [] }),
          },
        ]
      : []),
    ...(site
      ? PRESETS.flat().map(({ name, label, shortcut }) => ({
          key: `period ${name}`,
          group: t("Period"),
          label: t(label),
          shortcut,
          href: view({ period: { kind: "relative", name }, interval: null }),
        }))
      : []),
    ...sites.map((one, i) => ({
      key: `site ${one.siteId}`,
      group: t("Sites"),
      label: one.name,
      also: one.domains.join(" "),
      shortcut: i < 9 ? String(i + 1) : undefined,
      href: siteAddress(one),
    })),
    ...ACCOUNT_PAGES.map(({ page, label, shortcut }) => ({
      key: `account${page}`,
      group: t("Account"),
      label: t(label),
      shortcut,
      href: page,
    })),
    ...THEMES.map(({ theme, label }) => ({
      key: `theme ${theme}`,
      group: t("Appearance"),
      label: t(label),
      also: "theme",
      run: () => setTheme(theme),
    })),
    ...(Object.entries(LANGUAGES) as [Language, string][]).map(([code, name]) => ({
      key: `language ${code}`,
      group: t("Appearance"),
      label: t("Language: {name}", { name }),
      run: () => void setLanguage(code),
    })),
    {
      key: "help",
      group: t("Help"),
      label: t("Keyboard shortcuts"),
      shortcut: "?",
      run: openSheet,
    },
  ];
}

function filterCommands(
  typed: string,
  address: (condition: Condition) => string,
): PaletteCommand[] {
  const choice = (key: "page" | "source", label: string): PaletteCommand => ({
    key: `filter ${key}`,
    group: t("Filter"),
    label,
    also: typed,
    href: address({ op: "contains", dimension: key, values: [typed] }),
  });
  return [
    choice("page", t("Page contains “{text}”", { text: typed })),
    choice("source", t("Source contains “{text}”", { text: typed })),
  ];
}

/** Commands in which every typed word occurs. Filters for the typed text come last. */
export function matching(commands: readonly PaletteCommand[], typed: string): PaletteCommand[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter(({ group, label, also = "" }) => {
    const text = `${group} ${label} ${also}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const isFilter = ({ key }: PaletteCommand) => key.startsWith("filter ");
  return [...found.filter((command) => !isFilter(command)), ...found.filter(isFilter)];
}
