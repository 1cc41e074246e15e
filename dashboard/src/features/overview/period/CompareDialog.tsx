import { useState } from "react";
import { t } from "../../../lib/i18n";
import { parseDate } from "../../../lib/time/civil";
import { dateIn } from "../../../lib/time/zone";
import { Button } from "../../../ui/Button";
import { Calendar } from "../../../ui/Calendar";
import { Dialog } from "../../../ui/Dialog";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { useOverview } from "../context";

/** Chooses the first and last day of the range to compare with. */
export default function CompareDialog({ onClose }: { onClose: () => void }) {
  const { state, change, scope, site, now } = useOverview();
  const known = state.comparison.kind === "custom" ? state.comparison : null;
  const [from, setFrom] = useState(
    known ? parseDate(known.from) : (scope.comparison?.days?.first ?? null),
  );
  const [to, setTo] = useState(
    known ? parseDate(known.to) : (scope.comparison?.days?.last ?? null),
  );
  const today = dateIn(site.timeZone, now);
  const valid = from !== null && to !== null && from <= to && to <= today;
  const pick = (date: string) => {
    if (from === null || to !== null) {
      setFrom(date);
      setTo(null);
    } else {
      setFrom(date < from ? date : from);
      setTo(date < from ? from : date);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width="lg"
      title={t("Compare with another range")}
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button
            variant="primary"
            disabled={!valid}
            onClick={() => {
              if (valid) change({ comparison: { kind: "custom", from, to } });
              onClose();
            }}
          >
            {t("Compare")}
          </Button>
        </>
      }
    >
      <Calendar from={from} to={to} onPick={pick} today={today} />
      <div className="mt-4 flex flex-wrap gap-3">
        <Field label={t("From")} className="flex-1">
          <Input
            type="date"
            max={today}
            value={from ?? ""}
            onChange={(event) => setFrom(parseDate(event.target.value))}
          />
        </Field>
        <Field label={t("To")} className="flex-1">
          <Input
            type="date"
            max={today}
            value={to ?? ""}
            onChange={(event) => setTo(parseDate(event.target.value))}
          />
        </Field>
      </div>
    </Dialog>
  );
}
