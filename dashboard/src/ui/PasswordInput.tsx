import { Eye, EyeOff } from "lucide-react";
import { type InputHTMLAttributes, useState } from "react";
import { t } from "../lib/i18n";
import { IconButton } from "./IconButton";
import { Input } from "./Input";

/** A password with a button that shows it. */
export function PasswordInput(props: Omit<InputHTMLAttributes<HTMLInputElement>, "type">) {
  const [shown, setShown] = useState(false);
  return (
    <span className="relative block">
      <Input {...props} type={shown ? "text" : "password"} className="pr-11" spellCheck={false} />
      <span className="absolute inset-y-0 right-1 flex items-center">
        <IconButton
          size="sm"
          label={shown ? t("Hide password") : t("Show password")}
          icon={shown ? <EyeOff size={16} /> : <Eye size={16} />}
          onClick={() => setShown(!shown)}
        />
      </span>
    </span>
  );
}
