/** What a click or key on a row of a panel means. */
export type RowIntent =
  | "include"
  | "exclude"
  /** Together with others, until Shift is released. */
  | "mark"
  /** The same until Enter is pressed. */
  | "mark-on"
  | "details";

interface Pressed {
  altKey: boolean;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

/** Null: it is the browser's, such as opening the link in a new tab. */
export function clickIntent(click: Pressed): RowIntent | null {
  if (click.ctrlKey || click.metaKey) return null;
  if (click.altKey) return "exclude";
  return click.shiftKey ? "mark" : "include";
}

export function keyIntent(press: Pressed & { key: string }): RowIntent | null {
  if (press.key === "Enter") return press.ctrlKey || press.metaKey ? null : "details";
  if (press.key === " ") return clickIntent(press);
  // Alt and Space open a window's menu in most systems.
  if (press.key === "-") return "exclude";
  return press.key === "+" ? "mark-on" : null;
}
