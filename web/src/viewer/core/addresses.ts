/** Where the hub serves a slice (PS3.18 §10.4): relative, so that it holds behind any proxy. */
import type { Slice } from "./stack.ts";
import type { Window } from "./window.ts";

const ROOT = "/dicom-web";

function instanceAddress({ study, series, instance }: Pick<Slice, "study" | "series" | "instance">): string {
  return `${ROOT}/studies/${study}/series/${series}/instances/${instance}`;
}

export interface Rendering {
  /** In the screen's own pixels. */
  readonly viewport: readonly [width: number, height: number];
  readonly quality: number;
  /** Null leaves it to the stored window. */
  readonly window: Window | null;
}

/** A JPEG of the slice (§8.3.5). */
export function renderedAddress(slice: Slice, { viewport, quality, window }: Rendering): string {
  const base = slice.frames > 1 ? `${instanceAddress(slice)}/frames/${String(slice.frame)}` : instanceAddress(slice);
  const query = [
    `quality=${String(quality)}`,
    `viewport=${viewport.map((side) => String(Math.round(side))).join(",")}`,
    ...(window === null ? [] : [`window=${String(window.center)},${String(window.width)},linear`]),
  ];
  return `${base}/rendered?${query.join("&")}`;
}

/** The stored values of the slice. */
export function frameAddress(slice: Slice): string {
  return `${instanceAddress(slice)}/frames/${String(slice.frame)}`;
}

export function thumbnailAddress(slice: Slice): string {
  return `${instanceAddress(slice)}/thumbnail?viewport=128,128`;
}

/** What is no picture, opened by the browser: a document, a structured report. */
export function documentAddress(picture: Pick<Slice, "study" | "series" | "instance">): string {
  return `${instanceAddress(picture)}/rendered`;
}
