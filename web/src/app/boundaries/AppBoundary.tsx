/** The last net: nothing below could draw at all. */
import type { ReactNode } from "react";
import { ErrorBoundary } from "../../ui/ErrorBoundary.tsx";
import { Crash } from "./Crash.tsx";

function reload(): void {
  globalThis.location.reload();
}

export function AppBoundary({ children }: { children: ReactNode }) {
  return (
    <ErrorBoundary
      draw={() => (
        <main className="page-pad">
          <Crash onRetry={reload} />
        </main>
      )}
    >
      {children}
    </ErrorBoundary>
  );
}
