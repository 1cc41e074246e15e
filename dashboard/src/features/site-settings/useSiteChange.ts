import { useMutation } from "@tanstack/react-query";
import { useLocation, useRouter } from "wouter";
import { explain } from "../../api/explain";
import { changeSite } from "../../api/sites";
import type { Site, SiteChange } from "../../api/types";
import { siteAddress } from "../../lib/address";
import { t } from "../../lib/i18n";
import { toast } from "../../ui/Toast";

/** What a change replaces, to take it back. */
function before(site: Site, change: SiteChange): SiteChange {
  const { settings, ...plain } = change;
  const old: SiteChange = Object.fromEntries(
    Object.keys(plain).map((key) => [key, site[key as keyof typeof plain]]),
  );
  if (settings) {
    old.settings = Object.fromEntries(
      Object.keys(settings).map((key) => [key, site.settings[key as keyof typeof settings]]),
    );
  }
  return old;
}

/** Changes a site, says so and offers to take it back. */
export function useSiteChange(site: Site) {
  const [, navigate] = useLocation();
  const { base } = useRouter();
  /** The slug is part of the address: whichever page of the site is open moves with it. */
  const follow = (from: Site, to: Site) => {
    const [was, is] = [siteAddress(from), siteAddress(to)];
    const here = location.pathname.slice(base.length);
    if (was !== is && `${here}/`.startsWith(`${was}/`)) {
      navigate(is + here.slice(was.length), { replace: true });
    }
  };
  return useMutation({
    mutationFn: (change: SiteChange) => changeSite(site.siteId, change),
    // Now, because once it is saved `site` is the changed one.
    onMutate: (change) => ({ was: site, replaced: before(site, change) }),
    onSuccess: (changed, _, { was, replaced }) => {
      follow(was, changed);
      const undo = () =>
        changeSite(site.siteId, replaced).then(
          (restored) => {
            follow(changed, restored);
            toast(t("Undone."));
          },
          (error) => toast(explain(error).text, { tone: "bad" }),
        );
      toast(t("Saved."), { action: { label: t("Undo"), run: undo } });
    },
  });
}
