import { useMutation } from "@tanstack/react-query";
import { useLocation } from "wouter";
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
  const [path, navigate] = useLocation();
  return useMutation({
    mutationFn: (change: SiteChange) => changeSite(site.siteId, change),
    onSuccess: (changed, change) => {
      const page = path.split("/").slice(2).join("/");
      if (changed.slug !== site.slug) navigate(siteAddress(changed, `/${page}`), { replace: true });
      toast(t("Saved."), {
        action: {
          label: t("Undo"),
          run: () => {
            changeSite(site.siteId, before(site, change)).then(
              (restored) => {
                if (restored.slug !== changed.slug) {
                  navigate(siteAddress(restored, `/${page}`), { replace: true });
                }
                toast(t("Undone."));
              },
              (error) => toast(explain(error).text, { tone: "bad" }),
            );
          },
        },
      });
    },
  });
}
