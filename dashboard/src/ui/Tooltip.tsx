import {
  cloneElement,
  type ReactElement,
  type RefAttributes,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { keepPlaced } from "./place";

const DELAY_MS = 350;

type Anchor = ReactElement<RefAttributes<HTMLElement> & { "aria-describedby"?: string }>;

/** A short text on hover and on keyboard focus; Escape hides it. `isName` when the text is already
 *  the accessible name of what it belongs to. */
export function Tooltip({
  text,
  isName = false,
  children,
}: {
  text: string;
  isName?: boolean;
  children: Anchor;
}) {
  const id = useId();
  const holder = useRef<HTMLSpanElement>(null);
  const bubble = useRef<HTMLSpanElement>(null);
  const timer = useRef(0);
  const [shown, setShown] = useState(false);

  const show = (delay: number) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setShown(true), delay);
  };
  const hide = () => {
    clearTimeout(timer.current);
    setShown(false);
  };

  useEffect(() => () => clearTimeout(timer.current), []);

  useEffect(() => {
    const anchor = holder.current?.firstElementChild;
    if (!shown || !anchor || !bubble.current) return;
    bubble.current.showPopover();
    return keepPlaced(anchor, bubble.current, "center");
  }, [shown]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to what happens to its child
    <span
      ref={holder}
      className="contents"
      onPointerEnter={(event) => event.pointerType === "mouse" && show(DELAY_MS)}
      onPointerLeave={hide}
      onPointerDown={hide}
      onFocus={(event) => event.target.matches(":focus-visible") && show(0)}
      onBlur={hide}
      onKeyDown={(event) => event.key === "Escape" && hide()}
    >
      {isName ? children : cloneElement(children, { "aria-describedby": id })}
      {shown ? (
        <span
          ref={bubble}
          id={id}
          popover="manual"
          role="tooltip"
          className="pointer-events-none fixed m-0 max-w-72 rounded-s bg-ink px-2 py-1 text-xs font-medium text-paper shadow-l"
        >
          {text}
        </span>
      ) : (
        !isName && (
          <span id={id} hidden>
            {text}
          </span>
        )
      )}
    </span>
  );
}
