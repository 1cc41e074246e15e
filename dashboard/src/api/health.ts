/** `GET /health`: how the server and its parts are. */
export interface Health {
  status: string;
  /** State of each part by name, as the server words it. */
  parts: { name: string; state: string }[];
}

const PARTS = ["database", "journal", "disk", "reports"] as const;

/** Fails when nothing answers, or something that is not Clew. An unwell server answers 503 and says
 *  which part fails, so that status is an answer and no failure. */
export async function fetchHealth(signal: AbortSignal): Promise<Health> {
  const reply = await fetch("/health", { signal, headers: { Accept: "application/json" } });
  const body: Record<string, unknown> = await reply.json();
  if (typeof body.status !== "string") throw new Error(`unexpected reply ${reply.status}`);
  const parts = PARTS.flatMap((name) => {
    const state = body[name];
    return typeof state === "string" ? [{ name, state }] : [];
  });
  return { status: body.status, parts };
}
