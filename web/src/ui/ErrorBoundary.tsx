/** React's own way to catch what a component throws while drawing. */
import { Component, type ReactNode } from "react";

interface Props {
  readonly draw: (failure: unknown, again: () => void) => ReactNode;
  readonly children: ReactNode;
}

interface State {
  readonly failure: { readonly thrown: unknown } | null;
}

export class ErrorBoundary extends Component<Props, State> {
  override readonly state: State = { failure: null };

  static getDerivedStateFromError(thrown: unknown): State {
    return { failure: { thrown } };
  }

  private readonly again = () => {
    this.setState({ failure: null });
  };

  override render(): ReactNode {
    return this.state.failure === null ? this.props.children : this.props.draw(this.state.failure.thrown, this.again);
  }
}
