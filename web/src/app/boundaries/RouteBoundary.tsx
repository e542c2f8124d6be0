/** One page died, or its chunk did not arrive; the frame around it stays. */
import { useRouteError } from "react-router";
import { LineDown, Problem } from "../../api/problems.ts";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { Crash } from "./Crash.tsx";

function reload(): void {
  globalThis.location.reload();
}

export function RouteBoundary() {
  const failure = useRouteError();
  return (
    <div className="page-pad">
      {failure instanceof Problem || failure instanceof LineDown ? (
        <ProblemCard failure={failure} onRetry={reload} />
      ) : (
        <Crash onRetry={reload} />
      )}
    </div>
  );
}
