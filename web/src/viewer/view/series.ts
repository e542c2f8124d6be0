/** A study as the viewer needs it: series with slices, and what is no picture. */
import type { StudyDetail } from "../../api/types.ts";
import { slicesOf, type Picture, type Slice } from "../core/index.ts";

export interface SeriesView {
  readonly uid: string;
  readonly study: string;
  readonly modality: string;
  readonly description: string;
  readonly slices: readonly Slice[];
  /** Reports and documents: opened, not drawn. */
  readonly documents: readonly Picture[];
}

export function seriesOf(study: StudyDetail): readonly SeriesView[] {
  return study.series.map((series) => {
    const pictures = series.instances.map((instance) => ({
      study: study.uid,
      series: series.uid,
      instance: instance.uid,
      frames: instance.frames,
      number: instance.number,
      sopClass: instance.sop_class,
      hasPixels: instance.has_pixels,
    }));
    return {
      uid: series.uid,
      study: study.uid,
      modality: series.modality,
      description: series.description ?? "",
      slices: slicesOf(pictures),
      documents: pictures.filter(({ hasPixels }) => !hasPixels),
    };
  });
}
