/** The precompiled cores: which switches are on, and the largest size the gate lets through
 *  (bytes after gzip -9; the server serves these very files). */
const core = (name, limit, ...on) => {
  const flags = {};
  for (const flag of ["IDS", "GUARD", "LOADER", "FULL"]) flags[`FLAG_${flag}`] = on.includes(flag);
  return { name, flags, limit };
};

export const VARIANTS = [
  core("cookieless", 1900, "GUARD"),
  core("standard", 2048, "IDS"),
  core("loader", 2300, "IDS", "LOADER"),
  core("full", 2900, "IDS", "GUARD", "LOADER", "FULL"),
];

/** Lazy modules, loaded by the variants `loader` and `full`; all but `stats` need `full`. */
export const CHUNKS = [
  { name: "auto", limit: 1800 },
  { name: "forms", limit: 1900 },
  { name: "compat", limit: 1900 },
  { name: "stats", limit: 600 },
  { name: "redact", limit: 2400 },
  { name: "consent", limit: 500 },
  { name: "fp", limit: 1200 },
  { name: "link", limit: 1300 },
  { name: "consent-mode", limit: 700 },
];

/** The scripts of the families: the core `full` with all that each needs, in one file. A page's
 *  scripts are to stay below 50 KB together; these below a fifth of that. */
export const FAMILIES = [
  { name: "pixel", limit: 10000 },
  { name: "client", limit: 10000 },
  { name: "collector", limit: 10000 },
  { name: "pulse", limit: 10000 },
  { name: "tracker", limit: 10000 },
  { name: "form", limit: 1000 },
];
