import { useMutation } from "@tanstack/react-query";
import { Link2, Unlink2 } from "lucide-react";
import { useState } from "react";
import { explain } from "../../api/explain";
import type { Site } from "../../api/types";
import { merge, type PersonLink, unmerge, type Visitor } from "../../api/visitors";
import { cx } from "../../lib/class";
import { msg, t } from "../../lib/i18n";
import { Ago } from "../../ui/Ago";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { TextLink } from "../../ui/TextLink";
import { toast } from "../../ui/Toast";
import { visitorAddress } from "./address";
import { MergeDialog } from "./MergeDialog";

const KIND: Readonly<Record<string, string>> = {
  user: msg("User id"),
  fingerprint: msg("Fingerprint"),
  ip: msg("IP address (hash)"),
  network: msg("Network"),
  merge: msg("Merged by hand"),
};

/** The other browsers of the same person, and by what they were tied together. */
export function PersonCard({ site, visitor }: { site: Site; visitor: Visitor }) {
  const { visitorId, person, links } = visitor;
  const others = person?.visitors.filter((one) => one !== visitorId) ?? [];
  const [merging, setMerging] = useState(false);
  const part = useMutation({
    mutationFn: () => unmerge(site.siteId, visitorId),
    onSuccess: () => {
      const other = others[0];
      const undo = () =>
        merge(site.siteId, visitorId, { withVisitorId: other ?? "" }).then(
          () => toast(t("Undone.")),
          (error) => toast(explain(error).text, { tone: "bad" }),
        );
      toast(t("This browser stands for itself again."), {
        action: other ? { label: t("Undo"), run: undo } : undefined,
      });
    },
    onError: (error) => toast(explain(error).text, { tone: "bad" }),
  });
  return (
    <Card
      title={t("Person")}
      description={
        person
          ? t("{n, plural, one {# browser} other {# browsers}} of the same person.", {
              n: person.visitors.length,
            })
          : t("This browser is tied to no other.")
      }
    >
      {others.length > 0 && (
        <ul aria-label={t("Other browsers")} className="mb-4 flex flex-col gap-1 text-sm">
          {others.map((one) => (
            <li key={one} className="truncate font-mono text-xs">
              <TextLink href={visitorAddress(site, one)}>
                <bdi>{one}</bdi>
              </TextLink>
            </li>
          ))}
        </ul>
      )}
      {links.length > 0 && (
        <>
          <h3 className="mb-1.5 text-sm font-semibold">{t("Tied by")}</h3>
          <ul className="mb-4 flex flex-col gap-1.5 text-sm">
            {links.map((link) => (
              <LinkItem key={`${link.kind} ${link.value} ${link.at}`} link={link} />
            ))}
          </ul>
        </>
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          icon={<Link2 size={15} aria-hidden="true" />}
          onClick={() => setMerging(true)}
        >
          {t("Merge …")}
        </Button>
        {person && (
          <Button
            size="sm"
            icon={<Unlink2 size={15} aria-hidden="true" />}
            loading={part.isPending}
            onClick={() => part.mutate()}
          >
            {t("Separate this browser")}
          </Button>
        )}
      </div>
      {merging && (
        <MergeDialog site={site} visitorId={visitorId} onClose={() => setMerging(false)} />
      )}
    </Card>
  );
}

/** Somebody the browser belonged to once. */
const past = (link: PersonLink) => link.kind === "user" && !link.stands;

function LinkItem({ link }: { link: PersonLink }) {
  const kind = Object.hasOwn(KIND, link.kind) ? KIND[link.kind] : undefined;
  return (
    <li className="flex min-w-0 flex-wrap items-baseline gap-x-2">
      <span className="shrink-0 text-muted">{kind ? t(kind) : link.kind}</span>
      <bdi
        className={cx("min-w-0 flex-1 truncate font-mono text-xs", past(link) && "line-through")}
        title={link.value}
      >
        {link.value}
      </bdi>
      <span className="ml-auto shrink-0 text-muted">
        {link.visitors.length > 0 &&
          t("{n, plural, one {# other} other {# others}}", { n: link.visitors.length })}
        {link.visitors.length > 0 && " · "}
        <Ago time={link.at} />
      </span>
    </li>
  );
}
