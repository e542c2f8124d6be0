/** A dialog opens with the hand where it is needed: on its first field. */
import { useEffect, useRef, type RefObject } from "react";

export function useFirstFocus<T extends { readonly focus: () => void }>(): RefObject<T | null> {
  const first = useRef<T>(null);
  useEffect(() => {
    first.current?.focus();
  }, []);
  return first;
}
