/** What of a pane others can see at the same time on screens of other sizes: shares of the picture, never pixels. */
import type { Box, Placing } from "./box.ts";
import type { Pane } from "./pane.ts";
import type { Slice } from "./stack.ts";
import type { Window } from "./window.ts";

export interface Shown {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  /** Counted from 1, as DICOM does. */
  readonly frame: number;
  readonly window: Window | null;
  readonly invert: boolean;
  readonly zoom: number;
  readonly pan: { readonly x: number; readonly y: number };
}

export function shownOf(pane: Pane, slices: readonly Slice[], box: Box): Shown | null {
  const slice = slices[pane.index];
  if (slice === undefined) return null;
  const { zoom, dx, dy } = pane.placing;
  return {
    study: pane.study,
    series: pane.series,
    instance: slice.instance,
    frame: slice.frame,
    window: pane.window,
    invert: pane.invert,
    zoom,
    pan: { x: shareOf(dx, box.width), y: shareOf(dy, box.height) },
  };
}

function shareOf(pixels: number, of: number): number {
  return of === 0 ? 0 : Math.round((pixels / of) * 10_000) / 10_000;
}

/** Where the same slice lies here; -1 where this series does not have it. */
export function indexOf({ instance, frame }: Pick<Shown, "instance" | "frame">, slices: readonly Slice[]): number {
  return slices.findIndex((slice) => slice.instance === instance && slice.frame === frame);
}

/** The same place on this screen; `whole` is the picture's box at zoom 1. */
export function placingOf({ zoom, pan }: Pick<Shown, "zoom" | "pan">, whole: Box): Placing {
  return { zoom, dx: pan.x * whole.width * zoom, dy: pan.y * whole.height * zoom };
}
