import { Languages, Monitor, Moon, Sun } from "lucide-react";
import { LANGUAGES, type Language, language, setLanguage, t } from "../../lib/i18n";
import { setTheme, type Theme, useTheme } from "../../lib/theme";
import { Menu } from "../../ui/Menu";

const BUTTON =
  "inline-flex size-10 items-center justify-center rounded-m text-muted transition-colors duration-(--fast) hover:bg-hover hover:text-ink";

const ICON = { system: Monitor, light: Sun, dark: Moon };

/** Light, dark, or as the device. */
export function ThemeMenu() {
  const current = useTheme();
  const Icon = ICON[current];
  const names: Record<Theme, string> = {
    system: t("As the device"),
    light: t("Light"),
    dark: t("Dark"),
  };
  const items = (Object.keys(names) as Theme[]).map((theme) => {
    const ItemIcon = ICON[theme];
    return {
      key: theme,
      label: names[theme],
      icon: <ItemIcon size={15} aria-hidden="true" />,
      checked: theme === current,
      run: () => setTheme(theme),
    };
  });
  return (
    <Menu
      label={t("Theme")}
      groups={[{ key: "theme", title: t("Theme"), items }]}
      trigger={(trigger) => (
        <button type="button" className={BUTTON} aria-label={t("Theme")} {...trigger}>
          <Icon size={18} aria-hidden="true" />
        </button>
      )}
    />
  );
}

export function LanguageMenu() {
  const current = language();
  const items = (Object.keys(LANGUAGES) as Language[]).map((tag) => ({
    key: tag,
    label: <span lang={tag}>{LANGUAGES[tag]}</span>,
    checked: tag === current,
    run: () => setLanguage(tag),
  }));
  return (
    <Menu
      label={t("Language")}
      groups={[{ key: "language", title: t("Language"), items }]}
      trigger={(trigger) => (
        <button type="button" className={BUTTON} aria-label={t("Language")} {...trigger}>
          <Languages size={18} aria-hidden="true" />
        </button>
      )}
    />
  );
}
