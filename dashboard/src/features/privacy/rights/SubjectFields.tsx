import { t } from "../../../lib/i18n";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Radio } from "../../../ui/Radio";
import type { SubjectDraft, SubjectKind } from "./subject";

interface Props {
  value: SubjectDraft;
  onChange: (draft: SubjectDraft) => void;
  error: string | undefined;
}

/** Whose data is meant: one browser or a person. */
export function SubjectFields({ value, onChange, error }: Props) {
  const kinds: { value: SubjectKind; label: string }[] = [
    { value: "visitorId", label: t("Visitor id") },
    { value: "userId", label: t("User id") },
  ];
  const isVisitor = value.kind === "visitorId";
  return (
    <>
      <Radio
        legend={t("Known by")}
        options={kinds}
        value={value.kind}
        onChange={(kind) => onChange({ ...value, kind })}
      />
      <Field
        label={isVisitor ? t("Visitor id") : t("User id")}
        hint={
          isVisitor
            ? t("One browser. It is on the visitor’s page, and in the browser itself.")
            : t("As your site gave it to Clew with identify(): all browsers of that person.")
        }
        error={error}
      >
        <Input
          required
          maxLength={512}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="font-mono text-sm"
          value={value.id}
          onChange={(event) => onChange({ ...value, id: event.target.value })}
        />
      </Field>
    </>
  );
}
