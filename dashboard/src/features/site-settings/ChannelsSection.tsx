import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { fieldError } from "../../api/explain";
import type { Site } from "../../api/types";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { FormProblem } from "../problem/FormProblem";
import { BuiltInChannels } from "./channels/BuiltInChannels";
import { RuleCard } from "./channels/RuleCard";
import {
  changed,
  fromDrafts,
  MOST_RULES,
  moved,
  newRule,
  type RuleDraft,
  same,
  toDrafts,
} from "./channels/rules";
import { useSiteChange } from "./useSiteChange";

/** The site's own channels, in the order in which they are asked. */
export function ChannelsSection({ site }: { site: Site }) {
  return (
    <>
      <OwnChannels site={site} />
      <BuiltInChannels />
    </>
  );
}

function OwnChannels({ site }: { site: Site }) {
  const saved = site.settings.channelRules;
  const [base, setBase] = useState(saved);
  const [rules, setRules] = useState(() => toDrafts(saved));
  const [said, setSaid] = useState("");
  const save = useSiteChange(site);
  // What was saved or taken back is what is edited from then on.
  if (saved !== base) {
    setBase(saved);
    if (!same(saved, fromDrafts(rules))) setRules(toDrafts(saved));
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ settings: { channelRules: fromDrafts(rules) } });
  };
  const move = (rule: RuleDraft, by: -1 | 1) => {
    const after = moved(rules, rule.key, by);
    setRules(after);
    setSaid(
      t("{name} is now {place} of {count}.", {
        name: rule.channel.trim() || t("The channel"),
        place: after.findIndex(({ key }) => key === rule.key) + 1,
        count: after.length,
      }),
    );
  };
  const problem = fieldError(save.error, "channelRules");
  return (
    <Card
      title={t("Your own channels")}
      description={t(
        "Asked from top to bottom, before the built-in ones; the first that fits names the channel of the visit. Visits that are already counted keep theirs.",
      )}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <FormProblem error={save.error} fields={["channelRules"]} />
        {problem && (
          <Banner tone="bad" urgent>
            {problem}
          </Banner>
        )}
        {rules.length === 0 && (
          <p className="rounded-m border border-dashed border-control/60 px-4 py-6 text-center text-sm text-muted">
            {t(
              "None yet: the built-in channels name every visit. Add one for partners, a podcast or your own apps.",
            )}
          </p>
        )}
        <ol className="flex flex-col gap-3" aria-label={t("Your own channels")}>
          {rules.map((rule, i) => (
            <RuleCard
              key={rule.key}
              rule={rule}
              number={i + 1}
              count={rules.length}
              onChange={(change) => setRules(changed(rules, rule.key, change))}
              onMove={(by) => move(rule, by)}
              onRemove={() => setRules(rules.filter(({ key }) => key !== rule.key))}
            />
          ))}
        </ol>
        <p className="sr-only" role="status">
          {said}
        </p>
        <div className="flex flex-wrap gap-2">
          <Button
            type="submit"
            variant="primary"
            disabled={same(fromDrafts(rules), saved)}
            loading={save.isPending}
          >
            {t("Save")}
          </Button>
          {rules.length < MOST_RULES && (
            <Button
              icon={<Plus size={16} aria-hidden="true" />}
              onClick={() => setRules([...rules, newRule()])}
            >
              {t("Add a channel")}
            </Button>
          )}
        </div>
      </form>
    </Card>
  );
}
