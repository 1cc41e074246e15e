import { X } from "lucide-react";
import { type ReactNode, useId, useRef } from "react";
import { cx } from "../lib/class";
import { t } from "../lib/i18n";
import { IconButton } from "./IconButton";
import { useModal } from "./useModal";

interface Props {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** The buttons, at the end. */
  footer?: ReactNode;
  width?: "md" | "lg" | "xl";
}

/** A question or a form above the page. The focus stays inside and comes back;
 *  Escape, the cross and a click beside it close it. */
export function Dialog(props: Props) {
  const { open, onClose, title, description, children, footer, width = "md" } = props;
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useModal(dialog, open);

  if (!open) return null;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it by itself
    <dialog
      ref={dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={description ? `${id}-text` : undefined}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className={cx(
        "m-auto max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] overflow-y-auto overscroll-contain rounded-l border border-line bg-card p-0 text-ink shadow-l",
        { md: "max-w-lg", lg: "max-w-3xl", xl: "max-w-5xl" }[width],
      )}
    >
      <div className="p-5 sm:p-6">
        <div className="flex items-start gap-4">
          <h2 id={`${id}-title`} className="min-w-0 flex-1 text-lg font-semibold">
            {title}
          </h2>
          <IconButton
            size="sm"
            label={t("Close")}
            icon={<X size={17} />}
            onClick={onClose}
            className="-mt-1 -mr-2"
          />
        </div>
        {description && (
          <p id={`${id}-text`} className="mt-1 text-muted">
            {description}
          </p>
        )}
        {children && <div className="mt-5">{children}</div>}
        {footer && <div className="mt-6 flex flex-wrap justify-end gap-2">{footer}</div>}
      </div>
    </dialog>
  );
}
