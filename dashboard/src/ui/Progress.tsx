interface Props {
  label: string;
  value: number;
  max: number;
  /** The same in words, beside the bar. */
  text?: string;
}

/** How much of a known amount is done. */
export function Progress({ label, value, max, text }: Props) {
  const share = max > 0 ? Math.min(1, value / max) : 0;
  return (
    <div>
      <div className="mb-1.5 flex justify-between gap-4 text-sm">
        <span className="font-medium">{label}</span>
        {text && <span className="text-muted">{text}</span>}
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={value}
        aria-valuetext={text}
        className="h-1.5 overflow-hidden rounded-full bg-line"
      >
        <div
          className="h-full rounded-full bg-fill transition-[width] duration-500 ease-(--ease)"
          style={{ width: `${share * 100}%` }}
        />
      </div>
    </div>
  );
}
