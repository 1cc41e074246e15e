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
  { name: "stats", limit: 600 },
  { name: "redact", limit: 2400 },
  { name: "consent", limit: 500 },
  { name: "fp", limit: 1200 },
  { name: "link", limit: 1300 },
  { name: "consent-mode", limit: 700 },
];
