import { X } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { cx } from "../../../lib/class";
import { formatCompact } from "../../../lib/format/number";
import { t } from "../../../lib/i18n";
import type { Dimension } from "../../../lib/state/dimension";
import { MAX_VALUES } from "../../../lib/state/filter";
import { CONTROL, useField } from "../../../ui/Field";
import { valueLabel } from "../dimensions";
import { useSuggestions } from "./useSuggestions";

interface ValuesInputProps {
  dimension: Dimension;
  values: readonly string[];
  typed: string;
  suggesting: boolean;
  onTyped: (text: string) => void;
  onValues: (values: string[]) => void;
}

/** Several values: typed, or taken from those that occur. */
export function ValuesInput(props: ValuesInputProps) {
  const { dimension, values, typed, suggesting, onTyped, onValues } = props;
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [active, setActive] = useState(-1);
  // The form arrives after the dialog that holds it, which has looked for its first field by then.
  useEffect(() => input.current?.focus(), []);
  const rows = useSuggestions(dimension, typed, suggesting);
  const offered = rows.filter((row) => !values.includes(row.value));
  const put = (value: string) => {
    if (!values.includes(value) && values.length < MAX_VALUES) onValues([...values, value]);
    onTyped("");
    setActive(-1);
  };
  const keys = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      setActive((was) => Math.max(-1, Math.min(offered.length - 1, was + by)));
    } else if (event.key === "Enter") {
      const row = offered[active];
      if (!row && typed === "") return;
      event.preventDefault();
      put(row ? row.value : typed);
    } else if (event.key === "Backspace" && typed === "" && values.length > 0) {
      onValues(values.slice(0, -1));
    }
  };
  return (
    <div>
      {values.length > 0 && (
        <ul aria-label={t("Chosen values")} className="mb-2 flex flex-wrap gap-1.5">
          {values.map((value) => (
            <li
              key={value}
              className="inline-flex max-w-full items-center rounded-full border border-line bg-sunken text-sm"
            >
              <bdi className="min-w-0 truncate py-1 pl-3" title={value}>
                {valueLabel(dimension, value)}
              </bdi>
              <button
                type="button"
                aria-label={t("Remove {value}", { value: valueLabel(dimension, value) })}
                onClick={() => onValues(values.filter((kept) => kept !== value))}
                className="inline-flex size-7 shrink-0 items-center justify-center rounded-full text-muted hover:text-ink"
              >
                <X size={13} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        {...useField()}
        ref={input}
        data-autofocus=""
        type="text"
        role="combobox"
        aria-expanded={offered.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={offered[active] ? `${listId}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        placeholder={t("Type a value or choose one")}
        value={typed}
        onChange={(event) => {
          onTyped(event.target.value);
          setActive(-1);
        }}
        onKeyDown={keys}
        className={cx(CONTROL, "h-10")}
      />
      <div
        id={listId}
        role="listbox"
        aria-label={t("Values that occur")}
        className={cx(
          "mt-1.5 h-44 overflow-y-auto rounded-m border border-line p-1",
          !suggesting && "hidden",
        )}
      >
        {offered.map((row, i) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text field
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the text field
          <div
            key={row.value}
            id={`${listId}-${i}`}
            role="option"
            aria-selected={i === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => put(row.value)}
            onPointerMove={() => setActive(i)}
            className={cx(
              "flex cursor-pointer items-center gap-3 rounded-s px-2 py-1.5 text-sm",
              i === active && "bg-hover",
            )}
          >
            <bdi className="min-w-0 flex-1 truncate" title={row.value}>
              {valueLabel(dimension, row.value)}
            </bdi>
            <span className="text-xs text-muted">{formatCompact(row.visitors)}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
