import { Component, type ReactNode } from "react";
import { t } from "../lib/i18n";
import { ErrorState } from "../ui/ErrorState";

interface Props {
  /** Another value gives the children another try: the address. */
  at: string;
  children: ReactNode;
}

interface State {
  error: Error | null;
  at: string;
}

/** Keeps a page that fails from taking the app down; the way out stays usable. */
export class Boundary extends Component<Props, State> {
  override state: State = { error: null, at: this.props.at };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  static getDerivedStateFromProps({ at }: Props, state: State) {
    return at === state.at ? null : { error: null, at };
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <ErrorState title={t("This page could not be shown")} onRetry={() => location.reload()}>
        {t("It may come from another version than the server. Loading it anew often helps.")}{" "}
        <code className="text-xs wrap-anywhere">{this.state.error.message}</code>
      </ErrorState>
    );
  }
}
