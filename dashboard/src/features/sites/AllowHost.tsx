import { useMutation } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { explain } from "../../api/explain";
import { atLeast } from "../../api/session";
import { changeSite } from "../../api/sites";
import type { Site } from "../../api/types";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { toast } from "../../ui/Toast";

interface Props {
  site: Site;
  /** From which events were refused. */
  host: string;
  onAllowed?: () => unknown;
}

/** Adds a host to the site's domains with one click, for admins and where it is not there yet. */
export function AllowHost({ site, host, onAllowed }: Props) {
  const add = useMutation({
    mutationFn: () => changeSite(site.siteId, { domains: [...site.domains, host] }),
    onSuccess: () => {
      toast(t("Events from {host} are accepted now.", { host }));
      return onAllowed?.();
    },
    onError: (error) => toast(explain(error).text, { tone: "bad" }),
  });
  if (site.domains.includes(host) || !atLeast(site.role, "admin")) return null;
  return (
    <Button
      size="sm"
      className="mt-2 max-w-full"
      icon={<Plus size={15} className="shrink-0" />}
      loading={add.isPending}
      aria-label={t("Add {host}", { host })}
      onClick={() => add.mutate()}
    >
      <span className="min-w-0 truncate">{t("Add {host}", { host })}</span>
    </Button>
  );
}
