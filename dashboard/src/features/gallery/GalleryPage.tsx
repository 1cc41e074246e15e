import { t } from "../../lib/i18n";
import { useTitle } from "../../lib/title";

export default function GalleryPage() {
  useTitle(t("Gallery"));
  return <h1 className="text-2xl font-semibold text-accent">{t("Gallery")}</h1>;
}
