import { explain } from "../../api/explain";
import { ErrorState } from "../../ui/ErrorState";

interface Props {
  error: unknown;
  onRetry?: () => void;
  retrying?: boolean;
  compact?: boolean;
}

/** What stands in place of something that the server did not give. */
export function Problem({ error, onRetry, retrying, compact }: Props) {
  const { title, text, mayPass } = explain(error);
  return (
    <ErrorState
      title={title}
      compact={compact}
      retrying={retrying}
      onRetry={mayPass ? onRetry : undefined}
    >
      {text}
    </ErrorState>
  );
}
