/** Which lead stands where on the sheet, as tables. */

export type LayoutName = "3x4+1" | "6x2" | "12x1" | "single";
export const LAYOUTS = ["3x4+1", "6x2", "12x1", "single"] as const satisfies readonly LayoutName[];

export interface Layout {
  /** Rows of columns of lead names. All columns of a row share its time: the second column goes on where the first ends. */
  readonly rows: readonly (readonly string[])[];
  /** Millimetres from one baseline to the next. */
  readonly rowHeight: number;
}

const STANDARD_ROWS = [
  ["I", "aVR", "V1", "V4"],
  ["II", "aVL", "V2", "V5"],
  ["III", "aVF", "V3", "V6"],
] as const;
export const TWELVE = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"] as const;

/** The rows of a layout; `rhythm` is the long lead of 3×4+1, and the one that is shown alone. */
export function layoutOf(name: LayoutName, rhythm: string, present: readonly string[]): Layout {
  switch (name) {
    case "3x4+1":
      return { rows: [...STANDARD_ROWS, [rhythm]], rowHeight: 25 };
    case "6x2":
      return { rows: TWELVE.slice(0, 6).map((lead, at) => [lead, TWELVE[at + 6] ?? ""]), rowHeight: 20 };
    case "12x1":
      return { rows: inOrder(present).map((lead) => [lead]), rowHeight: 16 };
    case "single":
      return { rows: [[rhythm]], rowHeight: 60 };
  }
}

/** The twelve in their order, then what else the device recorded. */
function inOrder(present: readonly string[]): readonly string[] {
  const others = present.filter((lead) => !TWELVE.some((it) => it === lead));
  return [...TWELVE, ...others];
}
