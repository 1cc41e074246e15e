import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { t } from "../lib/i18n";
import { Button } from "./Button";
import { IconButton } from "./IconButton";

interface Toast {
  id: number;
  text: string;
  tone: "good" | "bad";
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 6_000;
const SHOWN_WITH_ACTION_MS = 10_000;

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]) {
  toasts = next;
  for (const changed of listeners) changed();
}

/** Says what has happened, and offers to undo it. Goes by itself, but not under the pointer. */
export function toast(text: string, options: Partial<Pick<Toast, "tone" | "action">> = {}): void {
  lastId += 1;
  set([...toasts.slice(-2), { id: lastId, text, tone: "good", ...options }]);
}

function dismiss(id: number) {
  set(toasts.filter((one) => one.id !== id));
}

/** Where toasts appear; once in the app. */
export function Toaster() {
  const shown = useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => toasts,
  );
  return (
    <section
      aria-label={t("Notifications")}
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-0 z-50 flex flex-col items-center gap-2 p-4 sm:items-end sm:p-6"
    >
      {shown.map((one) => (
        <Bubble key={one.id} toast={one} />
      ))}
    </section>
  );
}

function Bubble({ toast: { id, text, tone, action } }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(id), action ? SHOWN_WITH_ACTION_MS : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, held, action]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only waits while it is read
    <div
      ref={box}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex w-full max-w-md animate-rise items-center gap-3 rounded-l border border-line bg-card py-2 pr-2 pl-4 shadow-l"
    >
      {tone === "good" ? (
        <CircleCheck size={18} className="shrink-0 text-good" aria-hidden="true" />
      ) : (
        <CircleAlert size={18} className="shrink-0 text-bad" aria-hidden="true" />
      )}
      <p className="min-w-0 flex-1 py-1.5 text-sm wrap-anywhere">{text}</p>
      {action && (
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton
        size="sm"
        label={t("Dismiss")}
        icon={<X size={15} />}
        onClick={() => dismiss(id)}
      />
    </div>
  );
}
