/** Still and full picture of a pane as one: which of the two is seen, with which window, where, how sharp. */
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { pictures } from "../../api/resources/pictures.ts";
import {
  attributesOf,
  boxOf,
  drawnSize,
  instanceOf,
  type Attributes,
  type Box,
  type DicomJson,
  type Pane,
  type Rendering,
  type Size,
  type Window,
} from "../core/index.ts";
import type { Shown } from "./full/stage.ts";
import type { SeriesView } from "./series.ts";
import { useStills, type Still } from "./useStills.ts";

/** How sharp what is seen is. */
export type Sharpness =
  | { readonly at: "still" }
  | { readonly at: "sharpening"; readonly percent: number | null }
  | { readonly at: "full" }
  | { readonly at: "unavailable" };

export interface Picture {
  readonly still: Still;
  /** The present still, or the one before while it is fetched. */
  readonly image: HTMLImageElement | null;
  readonly box: Box;
  readonly window: Window | null;
  readonly attributes: Attributes | null;
  readonly metadata: ReadonlyMap<string, DicomJson> | null;
  readonly sharpness: Sharpness;
  readonly onShown: (shown: Shown) => void;
  readonly onProgress: (percent: number) => void;
  readonly onFailed: () => void;
}

const QUALITY = 80;
/** Sizes in steps, so that a pane that grows by a pixel does not fetch everything anew. */
const STEP = 128;

function renderingFor(size: Size, window: Window | null): Rendering | null {
  if (size.width === 0 || size.height === 0) return null;
  const side = (css: number) => Math.ceil((css * Math.min(2, globalThis.devicePixelRatio)) / STEP) * STEP;
  return { viewport: [side(size.width), side(size.height)], quality: QUALITY, window };
}

function useMetadata(series: SeriesView, enabled: boolean): ReadonlyMap<string, DicomJson> | null {
  const { data } = useQuery({ ...pictures.metadata(series.study, series.uid), enabled });
  return useMemo(() => (data === undefined ? null : new Map(data.map((json) => [instanceOf(json), json]))), [data]);
}

/** The last still that was there, so that scrolling shows no black between two. */
function useLast(still: Still, series: string): HTMLImageElement | null {
  const [last, setLast] = useState<{ series: string; image: HTMLImageElement } | null>(null);
  if (still.at === "ready" && last?.image !== still.picture) setLast({ series, image: still.picture });
  if (still.at === "ready") return still.picture;
  return last?.series === series && still.at === "loading" ? last.image : null;
}

interface Full {
  readonly series: string;
  readonly shown: Shown | null;
  readonly percent: number | null;
  readonly failed: boolean;
}

function sharpnessOf(full: Full, wantFull: boolean, isShown: boolean): Sharpness {
  if (full.failed) return { at: "unavailable" };
  if (isShown) return { at: "full" };
  return wantFull ? { at: "sharpening", percent: full.percent } : { at: "still" };
}

/** What the full picture said of itself; another series begins anew. */
function useFull(series: string) {
  const fresh: Full = { series, shown: null, percent: null, failed: false };
  const [stored, setFull] = useState(fresh);
  const listeners = {
    onShown: (shown: Shown) => {
      setFull({ ...fresh, shown });
    },
    onProgress: (percent: number) => {
      setFull((before) => (before.series === series ? { ...before, percent } : before));
    },
    onFailed: () => {
      setFull({ ...fresh, failed: true });
    },
  };
  return { full: stored.series === series ? stored : fresh, listeners };
}

/** How large the picture is drawn: by the device's word, else by the still's own size. */
function sizeOf(attributes: Attributes | null, image: HTMLImageElement | null): Size {
  if (attributes !== null && attributes.columns > 0) return drawnSize(attributes);
  return { width: image?.naturalWidth ?? 0, height: image?.naturalHeight ?? 0 };
}

/** The stored attributes of the pane's slice, once the series' metadata is there. */
function useAttributes(metadata: ReadonlyMap<string, DicomJson> | null, instance: string): Attributes | null {
  const json = metadata?.get(instance);
  return useMemo(() => (json === undefined ? null : attributesOf(json)), [json]);
}

/** What is seen: the full picture's own facts when it is shown, else those that the still was asked with. */
function seenOf(shown: Shown | null, pane: Pane, attributes: Attributes | null): Window | null {
  return (shown === null ? pane.window : shown.window) ?? attributes?.window ?? null;
}

export function usePicture(series: SeriesView, pane: Pane, size: Size, wantFull: boolean): Picture {
  const { full, listeners } = useFull(series.uid);
  const shown = wantFull && full.shown?.index === pane.index ? full.shown : null;
  const window = useDeferredValue(pane.window);
  const rendering = useMemo(() => renderingFor(size, window), [size, window]);
  const asked = { slices: series.slices, index: pane.index, direction: pane.direction };
  const still = useStills({ ...asked, rendering: shown ? null : rendering, alone: full.shown !== null });
  const image = useLast(still, series.uid);
  const metadata = useMetadata(series, wantFull && image !== null);
  const attributes = useAttributes(metadata, instanceAt(series, pane.index));
  return {
    still,
    image,
    box: shown ? shown.box : boxOf(sizeOf(attributes, image), size, pane.placing),
    window: seenOf(shown, pane, attributes),
    attributes,
    metadata,
    sharpness: sharpnessOf(full, wantFull, shown !== null),
    ...listeners,
  };
}

function instanceAt(series: SeriesView, index: number): string {
  return series.slices[index]?.instance ?? "";
}
