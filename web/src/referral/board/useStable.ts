/** A function that stays the same while what it does is always the newest: tiles that get it are not drawn again. */
import { useCallback, useEffect, useRef } from "react";

export function useStable<A extends readonly unknown[]>(run: (...args: A) => void): (...args: A) => void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  return useCallback((...args: A) => {
    latest.current(...args);
  }, []);
}
