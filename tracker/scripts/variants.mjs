/** The precompiled cores: which switches are on, and the largest size the gate lets through
 *  (bytes after gzip -9; the server serves these very files). */
export const VARIANTS = [
  { name: "cookieless", flags: { FLAG_IDS: false, FLAG_LOADER: false }, limit: 1900 },
  { name: "standard", flags: { FLAG_IDS: true, FLAG_LOADER: false }, limit: 2048 },
  { name: "loader", flags: { FLAG_IDS: true, FLAG_LOADER: true }, limit: 2300 },
];

/** Lazy modules, loaded by the loader variant only. */
export const CHUNKS = [{ name: "stats", limit: 600 }];
