/** What a proxy under the site's own domain passes on, and nothing else: scripts, and the doors that
 *  they and their predecessors post to. A test compares it with docs/proxy.md. */
export const COLLECTOR_PATHS =
  "(?:c|script)/[\\w-]+\\.js|pixel/[\\w-]+/tracking\\.js|(?:c|pixel|tracker(?:\\.min)?|pulse|form|production-tracker|main-app\\.v1)\\.js|m/[\\w.-]+\\.js|p\\.gif|track(?:/[\\w-]+)?|collect|lead(?:\\.capture)?|forms/config|v1/(?:events|pixel|track(?:/batch)?|link(?:/open)?)";
