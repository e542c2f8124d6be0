/** Units as types: a millimetre of paper cannot be handed where a second is asked for. */

export type Mm = number & { readonly unit: "mm" };
export type Seconds = number & { readonly unit: "s" };
export type Millivolts = number & { readonly unit: "mV" };
/** Of paper per second of time. */
export type MmPerSecond = number & { readonly unit: "mm/s" };
/** Of paper per millivolt. */
export type MmPerMillivolt = number & { readonly unit: "mm/mV" };
/** CSS pixels per millimetre of paper on this screen. */
export type PxPerMm = number & { readonly unit: "px/mm" };

export const mm = (value: number): Mm => value as Mm;
export const seconds = (value: number): Seconds => value as Seconds;
export const millivolts = (value: number): Millivolts => value as Millivolts;
export const mmPerSecond = (value: number): MmPerSecond => value as MmPerSecond;
export const mmPerMillivolt = (value: number): MmPerMillivolt => value as MmPerMillivolt;
export const pxPerMm = (value: number): PxPerMm => value as PxPerMm;
