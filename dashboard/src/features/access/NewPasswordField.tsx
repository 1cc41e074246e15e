import { cx } from "../../lib/class";
import { t } from "../../lib/i18n";
import { MIN_PASSWORD, type Strength, strengthOf } from "../../lib/password";
import { Field } from "../../ui/Field";
import { PasswordInput } from "../../ui/PasswordInput";

interface Props {
  value: string;
  onChange: (password: string) => void;
  label?: string;
  error?: string;
}

const STEPS: Record<Strength, number> = { short: 0, weak: 1, fair: 2, strong: 3 };
const COLOUR: Record<Strength, string> = {
  short: "bg-line",
  weak: "bg-bad",
  fair: "bg-warn",
  strong: "bg-good",
};

/** A password that is being chosen, with how good it is. */
export function NewPasswordField({ value, onChange, label, error }: Props) {
  const strength = strengthOf(value);
  const said = {
    short: t("At least {min} characters. Several words are easy to remember and hard to guess.", {
      min: MIN_PASSWORD,
    }),
    weak: t("Easy to guess. Add a word or two."),
    fair: t("Fair. Longer is better."),
    strong: t("Strong."),
  }[strength];
  return (
    <Field
      label={label ?? t("Password")}
      error={error}
      hint={<span aria-live="polite">{said}</span>}
    >
      <PasswordInput
        name="new-password"
        autoComplete="new-password"
        required
        minLength={MIN_PASSWORD}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <span aria-hidden="true" className="flex gap-1">
        {[1, 2, 3].map((step) => (
          <span
            key={step}
            className={cx(
              "h-1 flex-1 rounded-full transition-colors duration-(--fast)",
              step <= STEPS[strength] ? COLOUR[strength] : "bg-line",
            )}
          />
        ))}
      </span>
    </Field>
  );
}
