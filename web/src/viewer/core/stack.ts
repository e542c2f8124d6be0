/** A series as a stack of slices: what to show, in which order, and where a step leads. */

export interface Picture {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly frames: number;
  readonly number: number | null;
  readonly hasPixels: boolean;
  readonly sopClass: string;
}

export interface Slice {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  /** From 1, as DICOM counts. */
  readonly frame: number;
  /** How many frames the instance has: one frame needs no frame in its address. */
  readonly frames: number;
}

/** Slices in the order of their instance numbers; frames follow each other inside an instance. */
export function slicesOf(pictures: readonly Picture[]): readonly Slice[] {
  return [...pictures]
    .filter(({ hasPixels }) => hasPixels)
    .sort((a, b) => (a.number ?? Infinity) - (b.number ?? Infinity) || a.instance.localeCompare(b.instance))
    .flatMap(({ study, series, instance, frames }) =>
      Array.from({ length: Math.max(1, frames) }, (_, at) => ({ study, series, instance, frame: at + 1, frames })),
    );
}

/** The index after a step; a stack has ends and does not run in circles. */
export function stepped(index: number, by: number, count: number): number {
  return Math.min(Math.max(0, count - 1), Math.max(0, index + by));
}

/** The slice of another stack that lies as far along as this one. */
export function alongside(index: number, count: number, otherCount: number): number {
  if (count <= 1) return 0;
  return Math.round((index / (count - 1)) * Math.max(0, otherCount - 1));
}
