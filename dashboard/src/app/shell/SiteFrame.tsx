import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { siteQuery } from "../../api/sites";

/** Loads the site that an address names, by slug or id, before its page appears. */
export function SiteFrame({
  site,
  children,
}: {
  site: string;
  children: (siteId: string) => ReactNode;
}) {
  const { data } = useQuery(siteQuery(site));
  return data ? children(data.siteId) : null;
}
