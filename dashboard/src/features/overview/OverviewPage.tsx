import { useSite } from "../../api/sites";
import { useTitle } from "../../lib/title";
import { OverviewProvider } from "./context";
import { Overview } from "./Overview";

/** Everything about a site's visitors on one page. */
export default function OverviewPage({ siteId }: { siteId: string }) {
  useTitle(useSite(siteId).name);
  return (
    <OverviewProvider siteId={siteId}>
      <Overview />
    </OverviewProvider>
  );
}
