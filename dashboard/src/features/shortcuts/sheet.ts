/** What the sheet behind `?` says. Texts are translated where they are shown. */
import { msg } from "../../lib/i18n";

interface Shortcut {
  keys: readonly string[];
  label: string;
}

interface ShortcutGroup {
  title: string;
  shortcuts: readonly Shortcut[];
}

export const SHEET: readonly ShortcutGroup[] = [
  {
    title: msg("Period"),
    shortcuts: [
      { keys: ["D"], label: msg("Today") },
      { keys: ["E"], label: msg("Yesterday") },
      { keys: ["R"], label: msg("Realtime") },
      { keys: ["H"], label: msg("Last 24 hours") },
      { keys: ["W"], label: msg("Last 7 days") },
      { keys: ["F"], label: msg("Last 28 days") },
      { keys: ["T"], label: msg("Last 30 days") },
      { keys: ["N"], label: msg("Last 91 days") },
      { keys: ["M"], label: msg("Month to date") },
      { keys: ["P"], label: msg("Last month") },
      { keys: ["Y"], label: msg("Year to date") },
      { keys: ["S"], label: msg("Last 6 months") },
      { keys: ["L"], label: msg("Last 12 months") },
      { keys: ["A"], label: msg("All time") },
      { keys: ["C"], label: msg("Custom range") },
      { keys: ["←", "→"], label: msg("Period before, period after") },
    ],
  },
  {
    title: msg("View"),
    shortcuts: [
      { keys: ["X"], label: msg("Comparison on or off") },
      { keys: ["I"], label: msg("Choose the interval") },
      { keys: ["[", "]"], label: msg("Finer, coarser interval") },
      { keys: ["/", "Shift F"], label: msg("Add a filter") },
      { keys: ["Esc"], label: msg("Clear all filters") },
    ],
  },
  {
    title: msg("On a row"),
    shortcuts: [
      { keys: ["Space"], label: msg("Only this value (as a click)") },
      { keys: ["Shift Space"], label: msg("Mark; releasing Shift filters (Shift-click)") },
      { keys: ["+"], label: msg("Mark; Enter filters by all marked") },
      { keys: ["-"], label: msg("Anything but this value (Alt-click)") },
      { keys: ["Enter"], label: msg("The whole list") },
    ],
  },
  {
    title: msg("Go to"),
    shortcuts: [
      { keys: ["G O"], label: msg("Overview") },
      { keys: ["G L"], label: msg("Live events") },
      { keys: ["G S"], label: msg("Sites") },
      { keys: ["G V"], label: msg("Visitors") },
      { keys: ["G C"], label: msg("Attribution") },
      { keys: ["G B"], label: msg("Bots") },
      { keys: ["G F"], label: msg("Forms") },
      { keys: ["G P"], label: msg("Privacy") },
      { keys: ["G I"], label: msg("Install") },
      { keys: ["G T"], label: msg("Site settings") },
      { keys: ["G A"], label: msg("Your account") },
      { keys: ["0"], label: msg("Sites") },
      { keys: ["1–9"], label: msg("First to ninth site") },
      { keys: ["Ctrl K"], label: msg("Search and commands") },
      { keys: ["?"], label: msg("This sheet") },
    ],
  },
];
