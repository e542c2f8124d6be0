/** What the viewer reads of an instance's metadata (DICOM JSON, PS3.18 F.2), and the lengths that follow from it. */
import type { Length } from "./pane.ts";
import type { Window } from "./window.ts";

export type DicomJson = Readonly<Record<string, { readonly vr: string; readonly Value?: readonly unknown[] }>>;

export interface Attributes {
  readonly rows: number;
  readonly columns: number;
  /** The window that the device stored. */
  readonly window: Window | null;
  /** Millimetres between rows and between columns; null where the device does not say, so nothing is measured. */
  readonly spacing: { readonly row: number; readonly column: number } | null;
  readonly thicknessMm: number | null;
  /** MONOCHROME1: low values are white. */
  readonly inverted: boolean;
}

const TAG = {
  photometric: "00280004",
  rows: "00280010",
  columns: "00280011",
  pixelSpacing: "00280030",
  imagerSpacing: "00181164",
  thickness: "00180050",
  center: "00281050",
  width: "00281051",
  instance: "00080018",
} as const;

function numbers(json: DicomJson, tag: string): readonly number[] {
  return (json[tag]?.Value ?? []).map(Number).filter(Number.isFinite);
}

export function instanceOf(json: DicomJson): string {
  const [uid] = json[TAG.instance]?.Value ?? [];
  return typeof uid === "string" ? uid : "";
}

function windowOf(json: DicomJson): Window | null {
  const [center] = numbers(json, TAG.center);
  const [width] = numbers(json, TAG.width);
  return center === undefined || width === undefined ? null : { center, width };
}

/** PS3.3 10.7.1.3: first between rows, then between columns; of a projection, at the detector. */
function spacingOf(json: DicomJson): Attributes["spacing"] {
  const [row = 0, column = 0] = [...numbers(json, TAG.pixelSpacing), ...numbers(json, TAG.imagerSpacing)];
  return row <= 0 || column <= 0 ? null : { row, column };
}

export function attributesOf(json: DicomJson): Attributes {
  const [rows = 0] = numbers(json, TAG.rows);
  const [columns = 0] = numbers(json, TAG.columns);
  const [thicknessMm = null] = numbers(json, TAG.thickness);
  const inverted = json[TAG.photometric]?.Value?.[0] === "MONOCHROME1";
  return { rows, columns, window: windowOf(json), spacing: spacingOf(json), thicknessMm, inverted };
}

/** The distance in millimetres; null without a spacing. */
export function millimetresOf({ from, to }: Length, { spacing }: Pick<Attributes, "spacing">): number | null {
  if (spacing === null) return null;
  return Math.hypot((to[0] - from[0]) * spacing.column, (to[1] - from[1]) * spacing.row);
}

/** The size in which a picture is drawn: pixels need not be square. */
export function drawnSize({ rows, columns, spacing }: Attributes): { readonly width: number; readonly height: number } {
  const ratio = spacing === null ? 1 : spacing.row / spacing.column;
  return { width: columns, height: rows * ratio };
}
