import { type KeyboardEvent, type MouseEvent, memo, useRef, useState } from "react";
import { t } from "../../lib/i18n";
import { MapLegend } from "./MapLegend";
import { shade } from "./shades";
import { DOTS, HEIGHT, SHAPES, WIDTH } from "./world";

export interface Place {
  /** ISO 3166-1 alpha-2. */
  code: string;
  name: string;
  value: number;
  /** The number as shown, with its unit: `1,234 visitors`. */
  text: string;
}

interface Props {
  label: string;
  /** The most first. */
  places: readonly Place[];
  chosen: readonly string[];
  onChoose: (code: string, event: MouseEvent | KeyboardEvent) => void;
  format: (value: number) => string;
}

/** Countries coloured by a number. Those that have one are buttons: the first is in the tab order,
 *  the arrow keys walk to the next. The same stands as a list wherever the map does. */
export default function WorldMap({ label, places, chosen, onChoose, format }: Props) {
  const svg = useRef<SVGSVGElement>(null);
  const [at, setAt] = useState<string | null>(null);
  const [stop, setStop] = useState<string | null>(null);
  const [point, setPoint] = useState({ x: 0, y: 0 });
  const byCode = new Map(places.map((place) => [place.code, place]));
  const largest = places.reduce((most, { value }) => Math.max(most, value), 0);
  const onMap = places.filter(({ code, value }) => value > 0 && ON_MAP.has(code));
  const first = byCode.has(stop ?? "") ? stop : onMap[0]?.code;
  const shown = at === null ? undefined : byCode.get(at);

  const follow = (event: MouseEvent) => {
    setAt(codeOf(event.target));
    const box = event.currentTarget.getBoundingClientRect();
    setPoint({ x: event.clientX - box.left, y: event.clientY - box.top });
  };
  const focusOn = (target: EventTarget | null) => {
    const code = codeOf(target);
    const box = svg.current?.getBoundingClientRect();
    if (code === null || !box) return;
    const mark = (target as Element).getBoundingClientRect();
    setAt(code);
    setStop(code);
    setPoint({ x: (mark.left + mark.right) / 2 - box.left, y: mark.top - box.top });
  };
  const press = (event: KeyboardEvent) => {
    const here = onMap.findIndex(({ code }) => code === codeOf(event.target));
    if (here < 0) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onChoose(onMap[here]?.code ?? "", event);
      return;
    }
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const to = onMap[(here + by + onMap.length) % onMap.length]?.code;
    svg.current?.querySelector<SVGElement>(`[data-code="${to}"]`)?.focus();
  };
  const mark = (code: string) => {
    const place = byCode.get(code);
    const step = shade(place?.value ?? 0, largest);
    if (!place || step === 0) return { fill: "var(--map-empty)" };
    const picked = chosen.includes(code);
    return {
      "data-code": code,
      role: "button",
      tabIndex: code === first ? 0 : -1,
      "aria-label": `${place.name}: ${place.text}`,
      "aria-pressed": picked,
      className: "cursor-pointer focus-visible:outline-none",
      fill: `var(--map-${step})`,
    };
  };
  return (
    <div className="relative">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields */}
      <svg
        ref={svg}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="group"
        aria-label={label}
        data-arrow-keys=""
        className="mx-auto block h-auto max-h-56 w-full select-none"
        onMouseMove={follow}
        onMouseLeave={() => setAt(null)}
        onFocus={(event) => focusOn(event.target)}
        onBlur={() => setAt(null)}
        onKeyDown={press}
        onClick={(event) => {
          const code = codeOf(event.target);
          if (code !== null) onChoose(code, event);
        }}
      >
        {SHAPES.map(({ code, path }) => (
          <Land key={path} path={path} {...(code ? mark(code) : { fill: "var(--map-empty)" })} />
        ))}
        {DOTS.filter(({ code }) => (byCode.get(code)?.value ?? 0) > 0).map(({ code, x, y }) => (
          <circle key={code} cx={x} cy={y} r={4.5} {...mark(code)} />
        ))}
        <Outlines codes={at !== null && byCode.has(at) ? [...chosen, at] : chosen} />
      </svg>
      {shown && (
        <p
          aria-hidden="true"
          className="pointer-events-none absolute z-10 max-w-56 -translate-x-1/2 -translate-y-full rounded-m border border-line bg-card px-2.5 py-1.5 text-sm shadow-l"
          style={{ left: `clamp(5rem, ${point.x}px, calc(100% - 5rem))`, top: point.y - 8 }}
        >
          <span className="block truncate font-semibold">{shown.name}</span>
          <span className="block whitespace-nowrap text-muted">{shown.text}</span>
        </p>
      )}
      {largest > 0 && <MapLegend least={format(1)} most={format(largest)} />}
      <p className="sr-only">{t("Arrow keys walk from country to country.")}</p>
    </div>
  );
}

const ON_MAP = new Set([...SHAPES, ...DOTS].map(({ code }) => code));

const codeOf = (target: EventTarget | null) =>
  target instanceof Element ? target.getAttribute("data-code") : null;

/** Above all countries, because a neighbour would cover half of a border. */
function Outlines({ codes }: { codes: readonly string[] }) {
  return (
    <g fill="none" stroke="var(--ink)" strokeWidth={1.6} pointerEvents="none">
      {SHAPES.filter(({ code }) => code !== null && codes.includes(code)).map(({ path }) => (
        <path key={path} d={path} />
      ))}
      {DOTS.filter(({ code }) => codes.includes(code)).map(({ code, x, y }) => (
        <circle key={code} cx={x} cy={y} r={5.5} />
      ))}
    </g>
  );
}

interface LandProps {
  path: string;
  fill: string;
  className?: string;
}

/** A hundred and seventy of them, of which a moving pointer changes two. */
const Land = memo(function Land({ path, ...rest }: LandProps) {
  return <path d={path} stroke="var(--card)" strokeWidth={0.7} {...rest} />;
});
