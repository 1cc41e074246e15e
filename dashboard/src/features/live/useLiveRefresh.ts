import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Refresher } from "./refresh";
import { streamOf } from "./stream";

/** Asks again for what is shown of a site whenever events arrive, while `active`. */
export function useLiveRefresh(siteId: string, key: readonly unknown[], active: boolean): void {
  const client = useQueryClient();
  // The key is made anew at each render; its content is what counts.
  const content = JSON.stringify(key);
  useEffect(() => {
    if (!active) return;
    const refresher = new Refresher(() =>
      client.invalidateQueries({ queryKey: JSON.parse(content) as unknown[] }),
    );
    const off = streamOf(siteId).onEvent(() => refresher.notice());
    // Nothing was announced to a hidden page.
    const shown = () => document.hidden || refresher.notice();
    document.addEventListener("visibilitychange", shown);
    return () => {
      off();
      document.removeEventListener("visibilitychange", shown);
      refresher.stop();
    };
  }, [client, siteId, content, active]);
}
