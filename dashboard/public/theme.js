// Runs before the first paint, so that a chosen theme does not flash. Not inline: the page's policy
// forbids inline scripts. Written again by src/lib/theme.ts when the choice changes.
try {
  const theme = localStorage.getItem("clew.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be switched off: the system's theme applies.
}
