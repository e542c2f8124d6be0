/** What the reader can do with the panes, by toolbar and keys alike. */
import { useQuery } from "@tanstack/react-query";
import { pictures } from "../../api/resources/pictures.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { attributesOf, instanceOf, presetsFor, type Act, type Pane, type Window } from "../core/index.ts";
import type { SeriesView } from "./series.ts";
import { useViewer } from "./useViewer.ts";

/** The window that the device stored for the present slice, as far as the metadata is there. */
function useStored(pane: Pane, series: SeriesView): Window | null {
  const metadata = useQuery({ ...pictures.metadata(series.study, series.uid), enabled: false });
  const instance = series.slices[pane.index]?.instance;
  const json = metadata.data?.find((one) => instanceOf(one) === instance);
  return json === undefined ? null : attributesOf(json).window;
}

/** `shown`: the study's series with pictures, at least one; `others`: those of the study before. */
export function usePanes(first: SeriesView, shown: readonly SeriesView[], others: readonly SeriesView[]) {
  const [state, dispatch] = useViewer(first);
  const seriesAt = (pane: Pane | undefined) => [...shown, ...others].find(({ uid }) => uid === pane?.series) ?? first;
  const pane = state.panes[state.active] ?? state.panes[0];
  const series = seriesAt(pane);
  const stored = useStored(pane, series);
  const onAct = (at: number) => (act: Act) => {
    const counts = state.panes.map((one) => seriesAt(one).slices.length);
    dispatch({ to: "pane", at, act, counts });
  };
  const onActive = onAct(state.active);
  const open = (next: SeriesView) => {
    onActive({ do: "open", study: next.study, series: next.uid });
  };
  const preset = (at: number) => () => {
    onActive({ do: "window", window: presetsFor(series.modality)[at]?.window(stored) ?? null });
  };
  useKeys("viewer", {
    preset1: preset(0),
    preset2: preset(1),
    preset3: preset(2),
    preset4: preset(3),
    length: () => {
      dispatch({ to: "tool", tool: state.tool === "length" ? "scroll" : "length" });
    },
    nextSeries: () => {
      const next = shown[(shown.findIndex(({ uid }) => uid === pane.series) + 1) % shown.length];
      if (next !== undefined) open(next);
    },
  });
  return { state, dispatch, seriesAt, pane, series, stored, onAct, onActive, open };
}
