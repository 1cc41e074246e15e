import { useEffect, useState } from "react";

export type Loaded<T> =
  | { state: "loading" }
  | { state: "loaded"; value: T }
  | { state: "failed"; error: Error };

/** Runs `load` when the component appears and gives up when it disappears. `load` must be stable. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(
      (value) => setLoaded({ state: "loaded", value }),
      (error: Error) => {
        if (!abort.signal.aborted) setLoaded({ state: "failed", error });
      },
    );
    return () => abort.abort();
  }, [load]);
  return loaded;
}
