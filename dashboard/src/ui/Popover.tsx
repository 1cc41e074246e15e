import {
  type ButtonHTMLAttributes,
  type ReactNode,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { cx } from "../lib/class";
import { type Align, keepPlaced } from "./place";

export type TriggerProps = Pick<
  ButtonHTMLAttributes<HTMLButtonElement>,
  "popoverTarget" | "aria-expanded" | "aria-haspopup" | "aria-controls"
>;

interface Props {
  /** The accessible name of what opens. */
  label: string;
  /** Renders the button that opens it; it must pass the given props on. */
  trigger: (props: TriggerProps) => ReactNode;
  children: (close: () => void) => ReactNode;
  align?: Align;
  role?: "dialog" | "menu";
  className?: string;
}

/** A panel below a button. The browser closes it on Escape and on a click outside, and gives the
 *  focus back to the button. */
export function Popover({ label, trigger, children, align, role = "dialog", className }: Props) {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const close = () => panel.current?.hidePopover();

  useLayoutEffect(() => {
    const anchor = document.querySelector(`[popovertarget="${id}"]`);
    if (!open || !anchor || !panel.current) return;
    const first =
      panel.current.querySelector<HTMLElement>("[data-autofocus]") ??
      panel.current.querySelector<HTMLElement>("[role^=menuitem], input, button, a[href]");
    const stop = keepPlaced(anchor, panel.current, align);
    first?.focus({ preventScroll: true });
    return stop;
  }, [open, id, align]);

  return (
    <>
      {trigger({
        popoverTarget: id,
        "aria-expanded": open,
        "aria-haspopup": role,
        "aria-controls": id,
      })}
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles may be named */}
      <div
        ref={panel}
        id={id}
        popover="auto"
        role={role}
        aria-label={label}
        onToggle={(event) => setOpen(event.newState === "open")}
        className={cx(
          // It is shown a moment before its content is there and has its place.
          !open && "invisible",
          "fixed m-0 max-h-[calc(100dvh-1rem)] max-w-[calc(100vw-1rem)] overflow-y-auto rounded-l border border-line bg-card p-1.5 text-ink shadow-l",
          className,
        )}
      >
        {open && children(close)}
      </div>
    </>
  );
}
