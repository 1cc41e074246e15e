import { fieldError } from "../../api/explain";
import type { Site } from "../../api/types";
import { useDraft } from "../../lib/draft";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { FormProblem } from "../problem/FormProblem";
import { SampleDataCard } from "./SampleDataCard";
import { useSiteChange } from "./useSiteChange";

/** How long data stays, and made-up data to look around. */
export function DataSection({ site }: { site: Site }) {
  const [events, setEvents] = useDraft(String(site.settings.eventRetentionDays));
  const [raw, setRaw] = useDraft(String(site.settings.rawRetentionDays));
  const save = useSiteChange(site);
  const changed =
    Number(events) !== site.settings.eventRetentionDays ||
    Number(raw) !== site.settings.rawRetentionDays;
  return (
    <>
      <SampleDataCard site={site} />
      <Card
        title={t("Retention")}
        description={t(
          "How long the site’s data is to be kept. Clew stores these numbers, but does not remove anything by them yet.",
        )}
      >
        <form
          className="flex flex-col gap-5"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate({
              settings: { eventRetentionDays: Number(events), rawRetentionDays: Number(raw) },
            });
          }}
        >
          <FormProblem error={save.error} fields={["eventRetentionDays", "rawRetentionDays"]} />
          <div className="grid gap-5 sm:grid-cols-2">
            <Field
              label={t("Events")}
              hint={t("Reports still count older ones.")}
              error={fieldError(save.error, "eventRetentionDays")}
            >
              <Input
                type="number"
                min={1}
                max={36_500}
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
                max={36_500}
                required
                suffix={t("days")}
                value={raw}
                onChange={(event) => setRaw(event.target.value)}
              />
            </Field>
          </div>
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
