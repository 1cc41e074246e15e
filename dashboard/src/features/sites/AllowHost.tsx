import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { explain } from "../../api/explain";
import { atLeast } from "../../api/session";
import { changeSite } from "../../api/sites";
import type { Site } from "../../api/types";
import { verificationQuery } from "../../api/verification";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { toast } from "../../ui/Toast";

/** Puts a host whose events were refused on the site's list, for those who may. */
export function AllowHost({ host, site }: { host: string; site: Site }) {
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: () => changeSite(site.siteId, { domains: [...site.domains, host] }),
    onSuccess: () => {
      toast(t("Events from {host} are accepted now.", { host }));
      return client.invalidateQueries({ queryKey: verificationQuery(site.siteId).queryKey });
    },
    onError: (error) => toast(explain(error).text, { tone: "bad" }),
  });
  if (site.domains.includes(host) || !atLeast(site.role, "admin")) return null;
  return (
    <Button
      size="sm"
      className="mt-2"
      icon={<Plus size={15} />}
      loading={add.isPending}
      onClick={() => add.mutate()}
    >
      {t("Add {host}", { host })}
    </Button>
  );
}
