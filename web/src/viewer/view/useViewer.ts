/** The panes of the viewer, which of them is meant, and what scrolls together. */
import { useReducer } from "react";
import { act, alongside, openPane, type Act, type Pane, type Tool } from "../core/index.ts";
import type { SeriesView } from "./series.ts";

interface ViewerState {
  /** One or two. */
  readonly panes: readonly [Pane, ...Pane[]];
  readonly active: number;
  readonly linked: boolean;
  readonly tool: Tool;
}

type ViewerAct =
  | { readonly to: "pane"; readonly at: number; readonly act: Act; readonly counts: readonly number[] }
  | { readonly to: "tool"; readonly tool: Tool }
  | { readonly to: "split"; readonly with: SeriesView | null }
  | { readonly to: "link" };

function onPane(state: ViewerState, { at, act: it, counts }: Extract<ViewerAct, { to: "pane" }>): ViewerState {
  const before = state.panes[at];
  if (before === undefined) return state;
  const pane = act(before, it);
  const moved = pane.index !== before.index && pane.series === before.series;
  const after = (other: Pane, place: number): Pane => {
    if (place === at) return pane;
    if (!state.linked || !moved) return other;
    const count = counts[place] ?? 0;
    return act(other, { do: "go", to: alongside(pane.index, counts[at] ?? 0, count), count });
  };
  const [first, ...rest] = state.panes;
  return { ...state, panes: [after(first, 0), ...rest.map((other, place) => after(other, place + 1))], active: at };
}

function reduce(state: ViewerState, it: ViewerAct): ViewerState {
  switch (it.to) {
    case "pane":
      return onPane(state, it);
    case "tool":
      return { ...state, tool: it.tool };
    case "link":
      return { ...state, linked: !state.linked };
    case "split": {
      const [first] = state.panes;
      const second = it.with === null ? [] : [openPane(it.with.study, it.with.uid)];
      return { ...state, panes: [first, ...second], active: 0 };
    }
  }
}

function start(first: SeriesView): ViewerState {
  const tool = first.slices.length > 1 ? "scroll" : "window";
  return { panes: [openPane(first.study, first.uid)], active: 0, linked: true, tool };
}

export function useViewer(first: SeriesView) {
  return useReducer(reduce, first, start);
}
