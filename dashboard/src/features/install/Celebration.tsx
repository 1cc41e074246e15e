import { Check } from "lucide-react";

const THREADS = [0, 45, 90, 135, 180, 225, 270, 315];

/** A check mark out of which threads fly once. Without motion it is just the check mark. */
export function Celebration() {
  return (
    <span className="relative flex size-11 shrink-0 items-center justify-center" aria-hidden="true">
      {THREADS.map((angle, index) => (
        <span
          key={angle}
          className="absolute h-0.5 w-3 animate-fly rounded-full motion-reduce:hidden"
          style={{
            rotate: `${angle}deg`,
            background: `var(--chart-${(index % 5) + 1})`,
          }}
        />
      ))}
      <span className="flex size-9 animate-pop items-center justify-center rounded-full bg-good text-card">
        <Check size={20} strokeWidth={3} />
      </span>
    </span>
  );
}
