import { useEffect } from "react";

/** Names the browser's tab: `Users · Clew`. Every page calls it once. */
export function useTitle(...parts: (string | undefined)[]): void {
  const title = [...parts.filter(Boolean), "Clew"].join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
