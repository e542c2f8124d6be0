/** The window: which stored values become black and white (PS3.3 C.11.2.1.2), and the usual ones by modality. */

export interface Window {
  readonly center: number;
  readonly width: number;
}

/** The displayed grey (0–255) of a modality value: the LINEAR function of PS3.3 C.11.2.1.2.1. */
export function greyOf(value: number, { center, width }: Window): number {
  if (width <= 1) return value <= center - 0.5 ? 0 : 255;
  const share = (value - (center - 0.5)) / (width - 1) + 0.5;
  return Math.min(255, Math.max(0, share * 255));
}

export type PresetName = "abdomen" | "liver" | "lung" | "bone" | "original" | "narrow" | "wide" | "full";

export interface Preset {
  readonly name: PresetName;
  /** The window at this picture; null asks for the one that the device stored. */
  readonly window: (original: Window | null) => Window | null;
}

const fixed = (name: PresetName, center: number, width: number): Preset => ({
  name,
  window: () => ({ center, width }),
});
const scaled = (name: PresetName, factor: number): Preset => ({
  name,
  window: (original) => original && { center: original.center, width: Math.max(1, original.width * factor) },
});

// Only CT has absolute values (HU); elsewhere a preset can only be relative to what the device stored.
const CT: readonly Preset[] = [
  fixed("abdomen", 50, 380),
  fixed("liver", 90, 190),
  fixed("lung", -600, 1500),
  fixed("bone", 400, 1800),
];
const OTHER: readonly Preset[] = [
  { name: "original", window: () => null },
  scaled("narrow", 0.6),
  scaled("wide", 1.6),
  scaled("full", 2.5),
];

/** Four presets, on the keys 1–4. */
export function presetsFor(modality: string): readonly Preset[] {
  return modality === "CT" ? CT : OTHER;
}

/** Dragging right widens, dragging down brightens less: one pixel moves by a share of the present width. */
export function dragged(from: Window, dx: number, dy: number): Window {
  const step = Math.max(1, from.width / 300);
  return { center: Math.round(from.center + dy * step), width: Math.max(1, Math.round(from.width + dx * step)) };
}
