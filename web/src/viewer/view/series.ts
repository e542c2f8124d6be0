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

/** Storage classes without pixels (PS3.4 B.5): waveforms, presentation states, reports, documents, plans. */
const WITHOUT_PIXELS = [
  "1.2.840.10008.5.1.4.1.1.9.",
  "1.2.840.10008.5.1.4.1.1.11.",
  "1.2.840.10008.5.1.4.1.1.66",
  "1.2.840.10008.5.1.4.1.1.67",
  "1.2.840.10008.5.1.4.1.1.88.",
  "1.2.840.10008.5.1.4.1.1.104.",
  "1.2.840.10008.5.1.4.1.1.481.3",
  "1.2.840.10008.5.1.4.1.1.481.5",
];

export function seriesOf(study: StudyDetail): readonly SeriesView[] {
  return study.series.map((series) => {
    const pictures = series.instances.map((instance) => ({
      study: study.uid,
      series: series.uid,
      instance: instance.uid,
      frames: instance.frames,
      number: instance.number,
      sopClass: instance.sop_class,
      hasPixels: !WITHOUT_PIXELS.some((prefix) => instance.sop_class.startsWith(prefix)),
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
