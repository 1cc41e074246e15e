import type { ClewConsent } from "../../clew";
import type { TrackedEvent } from "../types";
import type { outcomes } from "./outcomes";

/** What the core shows to its lazy modules. They are built and versioned together. */
export type Install = (
  verbs: Record<string, unknown>,
  past: typeof outcomes,
  purposes: ClewConsent,
  now: () => [queue: TrackedEvent[], identity: { q?: TrackedEvent[] | undefined }],
) => void;
