import { Network, Trash2 } from "lucide-react";
import { useState } from "react";
import { fieldError } from "../../api/explain";
import type { Site } from "../../api/types";
import { t } from "../../lib/i18n";
import { parseNetworks } from "../../lib/network";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Field } from "../../ui/Field";
import { IconButton } from "../../ui/IconButton";
import { Input } from "../../ui/Input";
import { FormProblem } from "../problem/FormProblem";
import { useSiteChange } from "./useSiteChange";

interface Props {
  site: Site;
  list: "blockedIps" | "testingIps" | "whitelistedIps";
  title: string;
  description: string;
  /** Said where the list is empty. */
  none: string;
}

/** One list of addresses and networks. Every change is saved at once and can be taken back. */
export function NetworkList({ site, list, title, description, none }: Props) {
  const [typed, setTyped] = useState("");
  const save = useSiteChange(site);
  const known = site.settings[list];
  const { networks, bad } = parseNetworks(typed);
  const fresh = networks.filter((one) => !known.includes(one));
  const put = (networks: string[], done?: () => void) =>
    save.mutate({ settings: { [list]: networks } }, { onSuccess: done });
  return (
    <Card title={title} description={description}>
      <FormProblem error={save.error} fields={[list]} />
      <ul
        aria-label={title}
        className="mb-6 max-h-80 divide-y divide-line overflow-y-auto rounded-m border border-line"
      >
        {known.map((one) => (
          <li key={one} className="flex items-center gap-3 py-1.5 pr-2 pl-3.5">
            <Network size={16} aria-hidden="true" className="shrink-0 text-muted" />
            <span className="min-w-0 flex-1 truncate font-mono text-sm">{one}</span>
            <IconButton
              size="sm"
              label={t("Remove {network}", { network: one })}
              icon={<Trash2 size={15} />}
              disabled={save.isPending}
              onClick={() => put(known.filter((other) => other !== one))}
            />
          </li>
        ))}
        {known.length === 0 && <li className="px-3.5 py-3 text-muted">{none}</li>}
      </ul>
      <form
        className="flex flex-wrap items-start gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (bad === null && fresh.length > 0) put([...known, ...fresh], () => setTyped(""));
        }}
      >
        <Field
          label={t("Add addresses or networks")}
          className="flex-1 basis-64"
          hint={
            networks.length > 0 && bad === null && fresh.length === 0
              ? t("It is in the list already.")
              : t("Like 203.0.113.7 or 203.0.113.0/24, also 2001:db8::/32; several at once.")
          }
          error={
            bad !== null && cannotBecomeOne(bad)
              ? t("“{text}” is neither an address nor a network.", { text: bad })
              : fieldError(save.error, list)
          }
        >
          <Input
            inputMode="text"
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            placeholder="203.0.113.0/24"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </Field>
        <Button
          type="submit"
          className="sm:mt-6.5"
          disabled={bad !== null || fresh.length === 0}
          loading={save.isPending}
        >
          {t("Add")}
        </Button>
      </form>
    </Card>
  );
}

/** What cannot become an address any more by typing on. */
function cannotBecomeOne(text: string): boolean {
  return !/^[\da-f:.]*(\/\d*)?$/i.test(text) || /^\d+(\.\d+){3}\//.test(text);
}
