import { useId } from "react";
import { t } from "../../lib/i18n";
import { Checkbox } from "../../ui/Checkbox";
import { Dialog } from "../../ui/Dialog";
import { setKeysEnabled, useKeysEnabled } from "./preference";
import { SHEET } from "./sheet";

/** All keys and what they do, and the switch that turns single keys off. */
export default function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const enabled = useKeysEnabled();
  const id = useId();
  return (
    <Dialog open onClose={onClose} width="lg" title={t("Keyboard shortcuts")}>
      <div className="gap-x-10 sm:columns-2">
        {SHEET.map((group, i) => (
          <section
            key={group.title}
            aria-labelledby={`${id}-${i}`}
            className="mb-6 break-inside-avoid"
          >
            <h3 id={`${id}-${i}`} className="mb-2 text-sm font-semibold">
              {t(group.title)}
            </h3>
            <dl className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1.5 text-sm">
              {group.shortcuts.map(({ keys, label }) => (
                <div key={keys.join(" ") + label} className="contents">
                  <dt className="text-muted">{t(label)}</dt>
                  <dd className="flex justify-end gap-1">
                    {keys
                      .flatMap((key) => key.split(" "))
                      .map((key) => (
                        <kbd
                          key={key}
                          className="min-w-6 rounded-s border border-line bg-sunken px-1.5 text-center font-sans text-xs leading-6"
                        >
                          {key}
                        </kbd>
                      ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="border-t border-line pt-4">
        <Checkbox
          label={t("Single keys do something on the page")}
          checked={enabled}
          onChange={setKeysEnabled}
        />
      </div>
    </Dialog>
  );
}
