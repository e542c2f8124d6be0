/** Several people at one study: whoever leads is followed, and pointers are drawn from shares of the picture. */
import { createContext, use, useEffect, useRef } from "react";
import { indexOf, placingOf, shownOf, type Act, type Box, type Pane, type Shown } from "../core/index.ts";
import type { SeriesView } from "./series.ts";

export interface PointerShown {
  readonly key: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

export interface Together {
  /** What to show, moved by somebody else; null while this reader goes her own way or leads. */
  readonly follow: Shown | null;
  /** This reader leads, and nobody was told yet where she rests: a class opens nothing by itself. */
  readonly begins: boolean;
  /** This reader's own movement. */
  readonly onMoved: (shown: Shown) => void;
  readonly pointers: readonly PointerShown[];
  /** Where this reader points, in shares of the picture; null lifts it. Absent: she does not point. */
  readonly onPoint?: (at: { readonly x: number; readonly y: number } | null) => void;
}

/** Absent where a study is read alone. */
export const TogetherContext = createContext<Together | null>(null);

interface Held {
  readonly pane: Pane;
  readonly series: SeriesView;
  readonly box: Box;
  readonly onAct: (act: Act) => void;
}

/** Takes what the leader shows into this pane. */
function useFollowing(follow: Shown | null, { pane, series, box, onAct }: Held): void {
  const latest = useRef({ pane, series, box, onAct });
  useEffect(() => {
    latest.current = { pane, series, box, onAct };
  });
  // The picture at zoom 1 here; it is known only once a still arrived.
  const whole = Math.round(box.width / pane.placing.zoom);
  useEffect(() => {
    if (follow === null) return;
    const now = latest.current;
    if (now.pane.series !== follow.series) {
      now.onAct({ do: "open", study: follow.study, series: follow.series, follow: true });
      return;
    }
    const index = indexOf(follow, now.series.slices);
    const { zoom } = now.pane.placing;
    const at = placingOf(follow, { ...now.box, width: now.box.width / zoom, height: now.box.height / zoom });
    if (index >= 0) now.onAct({ do: "take", index, window: follow.window, invert: follow.invert, placing: at });
  }, [follow, series.uid, whole]);
}

/** Tells of this reader's own movements, each once. */
function useTelling(together: Together | null, { pane, series, box }: Held): void {
  const told = useRef("");
  useEffect(() => {
    if (together === null || (pane.taken && !together.begins)) return;
    const shown = shownOf(pane, series.slices, box);
    const words = JSON.stringify(shown);
    if (shown === null || (words === told.current && !together.begins)) return;
    told.current = words;
    together.onMoved(shown);
  });
}

/** For the pane that is shared: the first. */
export function useTogether(shared: boolean, held: Held): Together | null {
  const context = use(TogetherContext);
  const together = shared ? context : null;
  useFollowing(together?.follow ?? null, held);
  useTelling(together, held);
  return together;
}

/** Everybody's pointers over the picture, with names. */
export function Pointers({ together, box }: { together: Together; box: Box }) {
  return (
    <div className="viewer-pointers" aria-hidden="true">
      {together.pointers.map(({ key, name, x, y }) => (
        <span
          key={key}
          className="viewer-pointer"
          style={{ left: box.left + x * box.width, top: box.top + y * box.height }}
        >
          <b>{name}</b>
        </span>
      ))}
    </div>
  );
}

/** Where on the picture the hand is; null beside it. */
export function shareAt(
  event: { clientX: number; clientY: number },
  pane: DOMRect,
  box: Box,
): { x: number; y: number } | null {
  if (box.width === 0 || box.height === 0) return null;
  const x = (event.clientX - pane.left - box.left) / box.width;
  const y = (event.clientY - pane.top - box.top) / box.height;
  return x < 0 || x > 1 || y < 0 || y > 1 ? null : { x, y };
}
