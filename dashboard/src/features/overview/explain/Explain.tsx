import { Download } from "lucide-react";
import type { ReportMeta } from "../../../api/reports";
import { formatSpan } from "../../../lib/format/date";
import { formatNumber } from "../../../lib/format/number";
import { t } from "../../../lib/i18n";
import type { Dimension } from "../../../lib/state/dimension";
import { ButtonAnchor } from "../../../ui/Button";
import { CodeBlock } from "../../../ui/CodeBlock";
import { DIMENSION } from "../dimensions";
import { IDENTITY, QUARANTINE, reasonLabel } from "../health/words";
import { METRIC } from "../metrics";
import { csvPath, type Question, questionPath } from "../reports";
import { curl } from "./curl";
import type { Subject } from "./ExplainButton";
import { Fact } from "./Fact";
import { Places } from "./Places";

interface ExplainProps {
  subject: Subject;
  question: Question;
  meta: ReportMeta | undefined;
}

const PLACES: readonly Dimension[] = ["country", "region", "city", "network"];

/** Definition, basis and exclusions of a report, and the call that gives it. */
export default function Explain({ subject, question, meta }: ExplainProps) {
  const path = questionPath(question);
  return (
    <div className="grid gap-4 text-sm">
      <Definition subject={subject} />
      {meta && <Basis meta={meta} />}
      {subject.kind === "breakdown" && PLACES.includes(subject.dimension) && <Places />}
      <CodeBlock label={t("API call")} code={`GET ${path}`} />
      <CodeBlock label={t("On the command line")} code={curl(location.origin, path)} />
      <div>
        <ButtonAnchor
          size="sm"
          href={csvPath(question)}
          download=""
          icon={<Download size={14} aria-hidden="true" />}
        >
          {t("As CSV")}
        </ButtonAnchor>
      </div>
    </div>
  );
}

function Definition({ subject }: { subject: Subject }) {
  if (subject.kind === "metric") {
    const { label, definition } = METRIC[subject.metric];
    return <Fact title={t(label)}>{t(definition)}</Fact>;
  }
  if (subject.kind === "report") return <Fact title={subject.title}>{subject.definition}</Fact>;
  return (
    <Fact title={t(DIMENSION[subject.dimension])}>
      {t("Visitors by this property. One visitor can count for several values.")}{" "}
      {t(METRIC.visitors.definition)}
    </Fact>
  );
}

function Basis({ meta }: { meta: ReportMeta }) {
  const span = { from: Date.parse(meta.range.from), to: Date.parse(meta.range.to) };
  const identity = Object.entries(meta.identity).filter(([, count]) => count > 0);
  const { bots, quarantined, quarantined_by: reasons } = meta.exclusions;
  const { blocked_ip: blocked, testing_ip: testing, silent } = meta.exclusions;
  const notes = meta.notes.filter((note) => typeof note === "string");
  return (
    <>
      <Fact title={t("Range")}>
        {formatSpan(span, meta.time_zone)} ({meta.time_zone})
      </Fact>
      <Fact title={t("How visitors were recognised")}>
        {identity.length === 0
          ? t("Nobody was here.")
          : identity
              .map(([method, count]) => `${reasonLabel(IDENTITY, method)}: ${formatNumber(count)}`)
              .join(" · ")}
      </Fact>
      <Fact title={t("Left out")}>
        {t("{n, plural, one {# event of a bot} other {# events of bots}}", { n: bots })}
        {" · "}
        {t("{n, plural, one {# event kept aside} other {# events kept aside}}", { n: quarantined })}
        {blocked > 0 && (
          <span className="block">
            {t("{n, plural, one {# event} other {# events}} of blocked addresses", { n: blocked })}
          </span>
        )}
        {testing > 0 && (
          <span className="block">
            {t("{n, plural, one {# event} other {# events}} of testers", { n: testing })}
          </span>
        )}
        {silent > 0 && (
          <span className="block">
            {t("{n, plural, one {# form} other {# forms}} of people who may not be measured", {
              n: silent,
            })}
          </span>
        )}
        {Object.entries(reasons).map(([code, count]) => (
          <span key={code} className="block">
            {reasonLabel(QUARANTINE, code)}: {formatNumber(count)}
          </span>
        ))}
      </Fact>
      {notes.length > 0 && (
        <Fact title={t("Notes")}>
          {notes.map((note) => (
            <span key={note} className="block" lang="en">
              {note}
            </span>
          ))}
        </Fact>
      )}
    </>
  );
}
