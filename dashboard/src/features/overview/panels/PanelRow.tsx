import { ExternalLink } from "lucide-react";
import { memo } from "react";
import type { BreakdownRow } from "../../../api/reports";
import { cx } from "../../../lib/class";
import { formatPercent } from "../../../lib/format/number";
import { t } from "../../../lib/i18n";
import type { Dimension } from "../../../lib/state/dimension";
import { Delta } from "../Delta";
import { METRIC } from "../metrics";
import { clickIntent, keyIntent, type RowIntent } from "./intent";
import { outsideAddress } from "./outside";
import { ValueText } from "./ValueText";

interface PanelRowProps {
  dimension: Dimension;
  row: BreakdownRow;
  /** The longest bar's number and the number that is 100 %. */
  longest: number;
  total: number;
  chosen: boolean;
  compared: boolean;
  /** The address of the view that a click leads to. */
  href: string;
  /** Of the site: where its pages are. */
  origin: string | null;
  onIntent: (intent: RowIntent, value: string) => void;
}

/** One value with its bar and numbers: a link to the view that is limited to it. Not the router's
 *  link, which leaves clicks with Alt and Shift to the browser. */
export const PanelRow = memo(function PanelRow(props: PanelRowProps) {
  const { dimension, row, longest, total, chosen, compared, href, origin, onIntent } = props;
  const visitors = row.visitors ?? 0;
  const outside = outsideAddress(dimension, row.value, origin);
  return (
    <li
      className={cx(
        "group relative flex h-9 min-w-0 items-center gap-3 rounded-m pr-1 text-sm hover:bg-hover",
        chosen && "font-medium",
      )}
    >
      <span className="grid h-full min-w-0 flex-1 grid-cols-1 items-center py-0.5 *:col-start-1 *:row-start-1">
        <span
          aria-hidden="true"
          className={cx(
            "h-full min-w-1 rounded-s transition-[width] duration-300 ease-(--ease)",
            chosen ? "bg-accent/30" : "bg-accent/12 group-hover:bg-accent/20",
          )}
          style={{ width: `${longest > 0 ? (visitors / longest) * 100 : 0}%` }}
        />
        <span className="flex min-w-0 items-center">
          <a
            href={href}
            aria-current={chosen ? "true" : undefined}
            // Shift would select the text between two clicks.
            onMouseDown={(event) => event.shiftKey && event.preventDefault()}
            onClick={(event) => {
              const intent = clickIntent(event);
              if (!intent) return;
              event.preventDefault();
              onIntent(intent, row.value);
            }}
            onKeyDown={(event) => {
              const intent = keyIntent(event);
              if (!intent) return;
              event.preventDefault();
              onIntent(intent, row.value);
            }}
            className={WHOLE_ROW}
          >
            <ValueText dimension={dimension} value={row.value} className="pl-2.5" />
          </a>
          {outside && <OutsideLink address={outside} />}
        </span>
      </span>
      <Numbers row={row} dimension={dimension} total={total} compared={compared} />
    </li>
  );
});

/** The link's text stands in the bar, but all of the row can be clicked. */
const WHOLE_ROW =
  "flex h-8 min-w-8 items-center overflow-hidden after:absolute after:inset-0 after:rounded-m focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent";

function OutsideLink({ address }: { address: string }) {
  return (
    <a
      href={address}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={address}
      aria-label={t("Open {address} in a new tab", { address })}
      className="relative z-10 flex size-7 shrink-0 items-center justify-center rounded-s text-muted opacity-0 group-hover:opacity-100 hover:text-ink focus-visible:opacity-100 [@media(hover:none)]:opacity-70"
    >
      <ExternalLink size={13} aria-hidden="true" />
    </a>
  );
}

/** The columns' widths, in rem, the same in the rows and in their heads. */
export const COLUMN = {
  number: "w-12 sm:w-16",
  share: "w-10 sm:w-12",
  before: "w-16 @max-sm:hidden",
  change: "w-14 sm:w-16",
} as const;

/** Events have a column more; where a panel is narrow, another one gives way. */
export const yielding = (dimension: Dimension, column: "before" | "last") =>
  dimension === "event" && (column === "before" ? "@max-lg:hidden" : "@max-xs:hidden");

function Numbers({
  row,
  dimension,
  total,
  compared,
}: Pick<PanelRowProps, "row" | "dimension" | "total" | "compared">) {
  const { short, exact } = METRIC.visitors;
  return (
    <>
      {dimension === "event" && (
        <span className={cx(COLUMN.number, "shrink-0 text-right")}>{short(row.events)}</span>
      )}
      <span
        className={cx(COLUMN.number, "shrink-0 text-right font-medium")}
        title={exact(row.visitors)}
      >
        {short(row.visitors)}
      </span>
      {compared ? (
        <>
          <span
            className={cx(
              COLUMN.before,
              yielding(dimension, "before"),
              "shrink-0 text-right text-muted",
            )}
          >
            {short(row.comparison?.visitors)}
          </span>
          <span
            className={cx(
              COLUMN.change,
              yielding(dimension, "last"),
              "flex shrink-0 justify-end text-xs",
            )}
          >
            <Delta metric="visitors" now={row.visitors} before={row.comparison?.visitors} />
          </span>
        </>
      ) : (
        <span
          className={cx(
            COLUMN.share,
            yielding(dimension, "last"),
            "shrink-0 text-right text-muted",
          )}
        >
          {total > 0 ? formatPercent(((row.visitors ?? 0) / total) * 100) : "–"}
        </span>
      )}
    </>
  );
}
