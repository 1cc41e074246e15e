import { useQuery } from "@tanstack/react-query";
import { chainQuery } from "../../api/audit";
import { explain } from "../../api/explain";
import { formatNumber } from "../../lib/format/number";
import { msg, t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { Skeleton } from "../../ui/Skeleton";

const PROBLEM: Readonly<Record<string, string>> = {
  altered: msg("An entry was altered."),
  missing: msg("An entry is missing, or stands at another place."),
  truncated: msg("Entries at the end are missing."),
  foreign: msg("The entries belong to another installation."),
  unsealed: msg("The end of the log is not sealed by this server."),
  rolled_back: msg("The log is an older one than was there before: a backup was restored."),
};

/** Whether the log is whole, from its first entry on. */
export function ChainBadge() {
  const chain = useQuery(chainQuery);
  const again = (
    <Button size="sm" loading={chain.isFetching} onClick={() => void chain.refetch()}>
      {t("Check again")}
    </Button>
  );
  if (chain.error) {
    return (
      <Banner tone="warn" title={t("The log could not be checked")} actions={again}>
        {explain(chain.error).text}
      </Banner>
    );
  }
  if (!chain.data) return <Skeleton className="h-14" />;
  const { ok, entries, head, brokenAt, problem } = chain.data;
  if (!ok) {
    const known = problem && Object.hasOwn(PROBLEM, problem) ? PROBLEM[problem] : undefined;
    return (
      <Banner tone="bad" urgent title={t("The log does not hold")} actions={again}>
        <p>{known ? t(known) : problem}</p>
        <p>
          {brokenAt !== null &&
            t("It holds up to entry {n}.", { n: formatNumber(Math.max(0, brokenAt - 1)) })}{" "}
          {t("Compare it with a backup, and find out who could write to the database.")}
        </p>
      </Banner>
    );
  }
  return (
    <Banner
      tone="good"
      title={t("The log is whole")}
      actions={
        <>
          <CopyButton text={head} label={t("Copy the last hash")} />
          {again}
        </>
      }
    >
      {t(
        "{n, plural, one {# entry} other {# entries}}, each tied to the one before. Keep the last hash somewhere else to prove later that nothing was changed.",
        { n: entries },
      )}
    </Banner>
  );
}
