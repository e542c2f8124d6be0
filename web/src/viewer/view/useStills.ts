/** The still of the present slice, with its neighbours on the way. */
import { useEffect, useState, useSyncExternalStore } from "react";
import { renderedAddress } from "../core/index.ts";
import { Shelf, type Asked } from "./stills.ts";

export type Still =
  | { readonly at: "loading" }
  | { readonly at: "ready"; readonly picture: HTMLImageElement }
  | { readonly at: "failed"; readonly retry: () => void };

export function useStills(asked: Asked): Still {
  const [shelf] = useState(() => new Shelf());
  useSyncExternalStore(shelf.subscribe, shelf.version);
  useEffect(() => {
    shelf.want(asked);
  });
  const slice = asked.slices[asked.index];
  if (slice === undefined || asked.rendering === null) return { at: "loading" };
  const address = renderedAddress(slice, asked.rendering);
  const state = shelf.stateOf(address);
  if (state.at !== "failed") return state;
  return {
    at: "failed",
    retry: () => {
      shelf.retry(address);
    },
  };
}
