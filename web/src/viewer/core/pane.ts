/** What one pane shows, and what each act of the reader makes of it. Pure: the screen only draws the answer. */
import { CENTRED, moved, zoomed, type Placing } from "./box.ts";
import { stepped } from "./stack.ts";
import { dragged, type Window } from "./window.ts";

export type Tool = "scroll" | "window" | "zoom" | "pan" | "length";
export const TOOLS = ["scroll", "window", "zoom", "pan", "length"] as const satisfies readonly Tool[];

/** A distance drawn on a slice, in pixels of the picture. */
export interface Length {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
}

export interface Pane {
  readonly study: string;
  readonly series: string;
  readonly index: number;
  readonly direction: 1 | -1;
  /** Null: as the device stored it. */
  readonly window: Window | null;
  readonly invert: boolean;
  readonly placing: Placing;
  /** Not by this reader's hand: opened, or taken from whoever leads. */
  readonly taken: boolean;
  /** By slice index. */
  readonly lengths: Readonly<Record<number, readonly Length[]>>;
}

export type Act =
  /** `follow`: opened because whoever leads did. */
  | { readonly do: "open"; readonly study: string; readonly series: string; readonly follow?: true }
  | { readonly do: "step"; readonly by: number; readonly count: number }
  | { readonly do: "go"; readonly to: number; readonly count: number }
  | { readonly do: "window"; readonly window: Window | null }
  | { readonly do: "drag-window"; readonly from: Window; readonly dx: number; readonly dy: number }
  | { readonly do: "zoom"; readonly factor: number }
  | { readonly do: "pan"; readonly dx: number; readonly dy: number }
  | { readonly do: "invert" }
  | { readonly do: "measure"; readonly length: Length }
  | {
      readonly do: "take";
      readonly index: number;
      readonly window: Window | null;
      readonly invert: boolean;
      readonly placing: Placing;
    }
  | { readonly do: "reset" };

export function openPane(study: string, series: string): Pane {
  return {
    study,
    series,
    index: 0,
    direction: 1,
    window: null,
    invert: false,
    placing: CENTRED,
    taken: true,
    lengths: {},
  };
}

type Acts = { readonly [K in Act["do"]]: (pane: Pane, it: Extract<Act, { do: K }>) => Pane };

const ACTS: Acts = {
  open: (pane, { study, series }) => (pane.series === series ? pane : openPane(study, series)),
  step: (pane, { by, count }) => goTo(pane, stepped(pane.index, by, count)),
  go: (pane, { to, count }) => goTo(pane, stepped(to, 0, count)),
  window: (pane, { window }) => ({ ...pane, window }),
  "drag-window": (pane, { from, dx, dy }) => ({ ...pane, window: dragged(from, dx, dy) }),
  zoom: (pane, { factor }) => ({ ...pane, placing: zoomed(pane.placing, factor) }),
  pan: (pane, { dx, dy }) => ({ ...pane, placing: moved(pane.placing, dx, dy) }),
  invert: (pane) => ({ ...pane, invert: !pane.invert }),
  measure: (pane, { length }) => {
    const here = [...(pane.lengths[pane.index] ?? []), length];
    return { ...pane, lengths: { ...pane.lengths, [pane.index]: here } };
  },
  take: (pane, { index, window, invert, placing }) => ({ ...goTo(pane, index), window, invert, placing, taken: true }),
  reset: (pane) => ({ ...pane, window: null, invert: false, placing: CENTRED, lengths: {} }),
};

export function act(pane: Pane, it: Act): Pane {
  const next = (ACTS[it.do] as (pane: Pane, it: Act) => Pane)(pane, it);
  const followed = it.do === "take" || (it.do === "open" && it.follow === true);
  return followed || next === pane ? next : { ...next, taken: false };
}

function goTo(pane: Pane, index: number): Pane {
  if (index === pane.index) return pane;
  return { ...pane, index, direction: index > pane.index ? 1 : -1 };
}
