import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { explain } from "../../api/explain";
import { fieldsQuery, orderFields } from "../../api/forms";
import type { Form, FormField } from "../../api/types";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { SkeletonLines } from "../../ui/Skeleton";
import { toast } from "../../ui/Toast";
import { Problem } from "../problem/Problem";
import { FieldDialog } from "./FieldDialog";
import { FieldRow } from "./FieldRow";
import { places } from "./order";

interface Props {
  form: Form;
  /** Nothing is asked for before. */
  seen: boolean;
  mayChange: boolean;
}

/** The fields of a form in their order. */
export function FieldList({ form, seen, mayChange }: Props) {
  const { formId, formName } = form;
  const fields = useQuery({ ...fieldsQuery(formId), enabled: seen });
  const [adding, setAdding] = useState(false);
  const [said, setSaid] = useState("");
  const order = useMutation({
    mutationFn: (to: ReadonlyMap<string, number>) => orderFields(formId, to),
    onError: (error) => toast(explain(error).text, { tone: "bad" }),
  });
  const list = fields.data ?? [];
  const move = (field: FormField, by: -1 | 1) => {
    const to = places(list, field.fieldId, by);
    if (to.size === 0 || order.isPending) return;
    const place = list.indexOf(field) + by + 1;
    const told = { name: field.fieldName, place, count: list.length };
    order.mutate(to, {
      onSuccess: () => setSaid(t("{name} is now {place} of {count}.", told)),
    });
  };
  return (
    <div className="mt-5">
      <h3 className="mb-2 text-sm font-medium">{t("Fields")}</h3>
      {!fields.data &&
        (fields.error ? (
          <Problem
            compact
            error={fields.error}
            onRetry={fields.refetch}
            retrying={fields.isFetching}
          />
        ) : (
          <SkeletonLines lines={2} />
        ))}
      {fields.data && list.length === 0 && (
        <p className="rounded-m border border-dashed border-control/60 px-4 py-5 text-center text-sm text-muted">
          {t("None yet. Name those that say who writes: e-mail, phone, name.")}
        </p>
      )}
      {list.length > 0 && (
        <ol
          aria-label={t("Fields of {name}", { name: formName })}
          className="divide-y divide-line rounded-m border border-line"
        >
          {list.map((field, n) => (
            <FieldRow
              key={field.fieldId}
              field={field}
              place={n + 1}
              count={list.length}
              onMove={mayChange ? (by) => move(field, by) : undefined}
            />
          ))}
        </ol>
      )}
      <p className="sr-only" role="status">
        {said}
      </p>
      {mayChange && fields.data && (
        <Button
          size="sm"
          className="mt-3"
          icon={<Plus size={15} />}
          aria-label={t("Add a field to {name}", { name: formName })}
          onClick={() => setAdding(true)}
        >
          {t("Add a field")}
        </Button>
      )}
      {adding && <FieldDialog formId={formId} onClose={() => setAdding(false)} />}
    </div>
  );
}
