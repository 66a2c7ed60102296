import type { ReactNode } from 'react';
import { Component } from 'react';
import { ErrorView } from '../kit/error-view';

/** A page that fails takes nothing else down: menu and search stay, and it can be tried again. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: undefined as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    // The code of a page may be gone after a new version was deployed: the whole page is loaded anew.
    return <ErrorView error={this.state.error} retry={() => window.location.reload()} />;
  }
}
