import { useQuery } from "@tanstack/react-query";
import { useOverview } from "./context";
import { reportQuery, totalsQuestion } from "./reports";

/** The numbers of the whole view. Asked for once, however many parts of the page need them. */
export function useTotals() {
  const { scope } = useOverview();
  return useQuery({
    ...reportQuery(totalsQuestion(scope)),
    refetchInterval: scope.askAgainMs,
  });
}
