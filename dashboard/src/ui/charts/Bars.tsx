export interface Bar {
  key: string;
  label: string;
  value: number;
  /** The number as shown. */
  text: string;
}

/** Horizontal bars in a list: the text carries the number, the bar only its size. */
export function Bars({ label, bars }: { label: string; bars: readonly Bar[] }) {
  const longest = Math.max(Number.MIN_VALUE, ...bars.map((bar) => bar.value));
  return (
    <ul aria-label={label} className="grid gap-2 text-sm">
      {bars.map((bar) => (
        <li key={bar.key} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3">
          <bdi className="truncate" title={bar.label}>
            {bar.label}
          </bdi>
          <span>{bar.text}</span>
          <span aria-hidden="true" className="col-span-2 mt-1 h-1.5 rounded-full bg-sunken">
            <span
              className="block h-full rounded-full bg-chart-1"
              style={{ width: `${(bar.value / longest) * 100}%` }}
            />
          </span>
        </li>
      ))}
    </ul>
  );
}
