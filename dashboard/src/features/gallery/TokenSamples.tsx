import { Logo } from "../../ui/Logo";
import { Block, Group, Sample } from "./Sample";

const COLOURS = [
  "paper",
  "card",
  "sunken",
  "hover",
  "line",
  "control",
  "ink",
  "muted",
  "accent",
  "accent-soft",
  "fill",
  "good",
  "bad",
  "warn",
  "chart-1",
  "chart-2",
  "chart-3",
  "chart-4",
  "chart-5",
  "chart-6",
];

export function TokenSamples() {
  return (
    <Group title="Tokens">
      <Sample name="colours">
        {COLOURS.map((name) => (
          <span key={name} className="flex w-24 items-center gap-2 text-xs">
            <span
              className="size-6 shrink-0 rounded-s border border-line"
              style={{ background: `var(--${name})` }}
            />
            {name}
          </span>
        ))}
      </Sample>
      <Block name="type">
        <p className="text-3xl font-semibold">Thread 1,234</p>
        <p className="text-2xl font-semibold">Page title</p>
        <p className="text-xl font-semibold">Section</p>
        <p className="text-lg font-semibold">Card title</p>
        <p>Text that is read, 0123456789</p>
        <p className="text-sm text-muted">Hints and tables</p>
        <p className="text-xs text-muted">Labels of figures</p>
      </Block>
      <Sample name="Logo">
        <Logo />
        <Logo size={48} />
        <Logo size={96} />
      </Sample>
    </Group>
  );
}
