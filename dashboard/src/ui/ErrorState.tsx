import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../lib/class";
import { t } from "../lib/i18n";
import { Button } from "./Button";

interface Props {
  title: ReactNode;
  /** What it means and what to do next. */
  children?: ReactNode;
  onRetry?: () => void;
  retrying?: boolean;
  /** Small: inside of a card. */
  compact?: boolean;
}

/** What stands where something could not be shown. */
export function ErrorState({ title, children, onRetry, retrying, compact }: Props) {
  return (
    <div
      role="alert"
      className={cx(
        "flex flex-col items-center justify-center px-4 text-center",
        compact ? "py-6" : "py-14",
      )}
    >
      <TriangleAlert size={compact ? 20 : 26} className="text-warn" aria-hidden="true" />
      <p className={cx("mt-3 font-semibold", compact ? "text-base" : "text-lg")}>{title}</p>
      {children && <div className="mt-1 max-w-md text-sm text-muted">{children}</div>}
      {onRetry && (
        <Button className="mt-4" size="sm" onClick={onRetry} loading={retrying}>
          {t("Try again")}
        </Button>
      )}
    </div>
  );
}
