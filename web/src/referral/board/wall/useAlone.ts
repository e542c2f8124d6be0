/** The wall covers the app's frame, so nothing beneath it can be reached by keyboard either. */
import { useEffect, useRef } from "react";

export function useAlone() {
  const alone = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const hidden: HTMLElement[] = [];
    for (let it: HTMLElement | null = alone.current; it?.parentElement; it = it.parentElement)
      for (const other of it.parentElement.children)
        if (other !== it && other instanceof HTMLElement && !other.inert) {
          other.inert = true;
          hidden.push(other);
        }
    return () => {
      for (const it of hidden) it.inert = false;
    };
  }, []);
  return alone;
}
