import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useMemo, useState } from "react";
import { explain } from "../../../api/explain";
import { cx } from "../../../lib/class";
import { formatNumber } from "../../../lib/format/number";
import { msg, t } from "../../../lib/i18n";
import type { Dimension } from "../../../lib/state/dimension";
import { toApi } from "../../../lib/state/filter";
import { Button, ButtonAnchor } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { ErrorState } from "../../../ui/ErrorState";
import { Input } from "../../../ui/Input";
import { SkeletonLines } from "../../../ui/Skeleton";
import { useOverview } from "../context";
import { DIMENSION, TAB } from "../dimensions";
import { breakdownQuestion, csvPath, DETAIL_METRICS, reportQuery, type Scope } from "../reports";
import { searchFilter } from "../search";
import { useSettled } from "../useSettled";
import { DetailsTable } from "./DetailsTable";
import { type Sorting, sorted } from "./sorting";

/** As many rows as the server gives at once; searching reaches the others. */
const LOADED = 1000;
const PER_PAGE = 50;

/** Every value of a dimension with all its numbers. */
export default function DetailsDialog({ dimension }: { dimension: Dimension }) {
  const { state, scope, change } = useOverview();
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(0);
  const [sorting, setSorting] = useState<Sorting>({ by: "visitors", descending: true });
  const settled = useSettled(search);
  const question = breakdownQuestion(
    narrowed(scope, state.filter, dimension, settled),
    dimension,
    LOADED,
    dimension === "event" ? ["visitors", "events"] : DETAIL_METRICS,
  );
  const query = useQuery({
    ...reportQuery(question, `details ${dimension}`),
    placeholderData: keepPreviousData,
  });
  const { data } = query;
  const rows = useMemo(() => sorted(data?.rows ?? [], sorting), [data, sorting]);
  const last = Math.max(0, Math.ceil(rows.length / PER_PAGE) - 1);
  const shown = Math.min(page, last);
  const close = () => change({ details: null }, { replace: true });
  return (
    <Dialog open onClose={close} width="xl" title={t(TAB[dimension] ?? DIMENSION[dimension])}>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <Input
          type="search"
          className="max-w-72"
          data-autofocus=""
          aria-label={t("Search")}
          placeholder={t("Search …")}
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
            setPage(0);
          }}
        />
        <p className="text-sm text-muted" role="status">
          {data && t("{n, plural, one {# row} other {# rows}}", { n: data.total_rows })}
        </p>
        <ButtonAnchor
          size="sm"
          className="ml-auto"
          href={csvPath(question)}
          download=""
          icon={<Download size={14} aria-hidden="true" />}
        >
          CSV
        </ButtonAnchor>
      </div>
      <div className="min-h-[28rem]" aria-busy={query.isFetching}>
        {query.error && !data ? (
          <ErrorState
            title={t("This could not be loaded")}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          >
            {explain(query.error).text}
          </ErrorState>
        ) : data ? (
          <div className={cx(query.isPlaceholderData && "opacity-50")}>
            <DetailsTable
              dimension={dimension}
              rows={rows.slice(shown * PER_PAGE, (shown + 1) * PER_PAGE)}
              compared={data.meta.comparison_range !== undefined}
              sorting={sorting}
              onSort={(by) =>
                setSorting((was) => ({ by, descending: was.by === by ? !was.descending : true }))
              }
              onChosen={(filter) => change({ filter, details: null })}
            />
          </div>
        ) : (
          <SkeletonLines lines={12} />
        )}
      </div>
      {data && data.total_rows > LOADED && (
        <p className="mt-2 text-sm text-muted">
          {t("The {n} with the most visitors are loaded; search finds the others.", {
            n: formatNumber(LOADED),
          })}
        </p>
      )}
      {last > 0 && (
        <nav
          aria-label={t("Pages of the list")}
          className="mt-3 flex items-center justify-end gap-3 text-sm"
        >
          <Turn text={msg("Back")} to={shown - 1} last={last} onTurn={setPage} />
          <span>{t("{page} of {pages}", { page: shown + 1, pages: last + 1 })}</span>
          <Turn text={msg("Next")} to={shown + 1} last={last} onTurn={setPage} />
        </nav>
      )}
    </Dialog>
  );
}

interface TurnProps {
  text: string;
  to: number;
  last: number;
  onTurn: (page: number) => void;
}

function Turn({ text, to, last, onTurn }: TurnProps) {
  return (
    <Button size="sm" disabled={to < 0 || to > last} onClick={() => onTurn(to)}>
      {t(text)}
    </Button>
  );
}

/** The view, limited further to values that hold the searched text. */
function narrowed(
  scope: Scope,
  filter: Parameters<typeof toApi>[0],
  dimension: Dimension,
  text: string,
): Scope {
  const searched = searchFilter(dimension, text);
  if (!searched) return scope;
  const filters = [...(toApi(filter) ?? []), searched];
  return { ...scope, common: { ...scope.common, filters: JSON.stringify(filters) } };
}
