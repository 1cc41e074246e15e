import { LANGUAGES, type Language, language, setLanguage, t } from "../../lib/i18n";
import { setTheme, useTheme } from "../../lib/theme";
import { Card } from "../../ui/Card";
import { Radio } from "../../ui/Radio";

/** How the app looks and speaks in this browser. */
export function PreferencesCard() {
  const theme = useTheme();
  return (
    <Card title={t("Appearance")} description={t("Remembered in this browser.")}>
      <div className="flex flex-wrap gap-x-10 gap-y-5">
        <Radio
          legend={t("Theme")}
          value={theme}
          onChange={setTheme}
          options={[
            { value: "system", label: t("As the device") },
            { value: "light", label: t("Light") },
            { value: "dark", label: t("Dark") },
          ]}
        />
        <Radio
          legend={t("Language")}
          value={language()}
          onChange={setLanguage}
          options={(Object.keys(LANGUAGES) as Language[]).map((value) => ({
            value,
            label: LANGUAGES[value],
          }))}
        />
      </div>
    </Card>
  );
}
