import { useSite } from "../../api/sites";
import { useTitle } from "../../lib/title";

export default function OverviewPage({ siteId }: { siteId: string }) {
  const site = useSite(siteId);
  useTitle(site.name);
  return <h1>{site.name}</h1>;
}
