/** How wide the screen is, in the design's three words. */
import { useSyncExternalStore } from "react";

export type Screen = "phone" | "tablet" | "desk";

const PHONE = "(max-width: 599px)";
const DESK = "(min-width: 1200px)";

function read(): Screen {
  if (matchMedia(PHONE).matches) return "phone";
  return matchMedia(DESK).matches ? "desk" : "tablet";
}

function subscribe(listener: () => void): () => void {
  const queries = [matchMedia(PHONE), matchMedia(DESK)];
  for (const query of queries) query.addEventListener("change", listener);
  return () => {
    for (const query of queries) query.removeEventListener("change", listener);
  };
}

export function useScreen(): Screen {
  return useSyncExternalStore(subscribe, read);
}
