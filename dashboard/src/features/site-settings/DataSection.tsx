import { fieldError } from "../../api/explain";
import type { Site } from "../../api/types";
import { useDraft } from "../../lib/draft";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { RadioCards } from "../../ui/RadioCards";
import { FormProblem } from "../problem/FormProblem";
import { SampleDataCard } from "./SampleDataCard";
import { useSiteChange } from "./useSiteChange";

/** The server's limit. */
const MOST_DAYS = 3_650;

/** How long data stays, and made-up data to look around. */
export function DataSection({ site }: { site: Site }) {
  const [events, setEvents] = useDraft(String(site.settings.eventRetentionDays));
  const [raw, setRaw] = useDraft(String(site.settings.rawRetentionDays));
  const [action, setAction] = useDraft(site.settings.retentionAction);
  const save = useSiteChange(site);
  const changed =
    Number(events) !== site.settings.eventRetentionDays ||
    Number(raw) !== site.settings.rawRetentionDays ||
    action !== site.settings.retentionAction;
  return (
    <>
      <SampleDataCard site={site} />
      <Card
        title={t("Retention")}
        description={t(
          "What is older goes once a day. The privacy page says when that was done and how much it removed.",
        )}
      >
        <form
          className="flex flex-col gap-5"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate({
              settings: {
                eventRetentionDays: Number(events),
                rawRetentionDays: Number(raw),
                retentionAction: action,
              },
            });
          }}
        >
          <FormProblem error={save.error} fields={["eventRetentionDays", "rawRetentionDays"]} />
          <div className="grid gap-5 sm:grid-cols-2">
            <Field
              label={t("Events")}
              hint={t("Older ones are in no report any more.")}
              error={fieldError(save.error, "eventRetentionDays")}
            >
              <Input
                type="number"
                min={1}
                max={MOST_DAYS}
                required
                suffix={t("days")}
                value={events}
                onChange={(event) => setEvents(event.target.value)}
              />
            </Field>
            <Field
              label={t("Raw sessions and replays")}
              hint={t("The detail of single visits.")}
              error={fieldError(save.error, "rawRetentionDays")}
            >
              <Input
                type="number"
                min={1}
                max={MOST_DAYS}
                required
                suffix={t("days")}
                value={raw}
                onChange={(event) => setRaw(event.target.value)}
              />
            </Field>
          </div>
          <RadioCards
            legend={t("What becomes of older events")}
            value={action}
            onChange={setAction}
            columns={2}
            options={[
              {
                value: "delete",
                title: t("Delete them"),
                children: t("They are gone, also for you."),
              },
              {
                value: "archive",
                title: t("Archive them first"),
                children: t(
                  "They are written to Parquet files in the data folder, then removed from the reports. Erasing a person reaches the archive too.",
                ),
              },
            ]}
          />
          <div>
            <Button type="submit" variant="primary" disabled={!changed} loading={save.isPending}>
              {t("Save")}
            </Button>
          </div>
        </form>
      </Card>
    </>
  );
}
