import { t } from "../../lib/i18n";
import { useTitle } from "../../lib/title";
import { TextLink } from "../../ui/TextLink";
import { LanguageMenu, ThemeMenu } from "../preferences/PreferenceMenus";
import { ActionSamples } from "./ActionSamples";
import { DataSamples } from "./DataSamples";
import { FieldSamples } from "./FieldSamples";
import { NoticeSamples } from "./NoticeSamples";
import { OverlaySamples } from "./OverlaySamples";
import { TokenSamples } from "./TokenSamples";

/** Every primitive in every state, for those who build pages. The samples' texts are not
 *  translated: they stand for content. */
export default function GalleryPage() {
  useTitle(t("Gallery"));
  return (
    <main className="mx-auto max-w-6xl px-4 pb-24 sm:px-6">
      <div className="flex items-center justify-between pt-8">
        <TextLink href="/">{t("To your sites")}</TextLink>
        <span>
          <ThemeMenu />
          <LanguageMenu />
        </span>
      </div>
      <h1 className="pt-2 pb-8 text-3xl font-semibold">{t("Gallery")}</h1>
      <div className="flex flex-col gap-10">
        <TokenSamples />
        <ActionSamples />
        <FieldSamples />
        <DataSamples />
        <NoticeSamples />
        <OverlaySamples />
      </div>
    </main>
  );
}
