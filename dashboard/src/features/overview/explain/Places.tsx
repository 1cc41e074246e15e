import { useQuery } from "@tanstack/react-query";
import { privacyQuery } from "../../../api/privacy";
import { t } from "../../../lib/i18n";
import { useOverview } from "../context";
import { Fact } from "./Fact";

/** Where the places of a report come from. */
export function Places() {
  const { site } = useOverview();
  const { data } = useQuery(privacyQuery(site.siteId));
  if (!data?.geo) return null;
  const { source, databases } = data.geo;
  return (
    <Fact title={t("Where places come from")}>
      {source === "time_zone"
        ? t(
            "By the time zone of the browser: countries only. Whoever runs this server installs a database with: clew geo update",
          )
        : databases
            .map(({ name, attribution }) => [name, attribution].filter(Boolean).join(", "))
            .join(" · ")}
    </Fact>
  );
}
