/** How large a millimetre is on this screen: measured once with a bank card, kept on this device. */
import { useState } from "react";

const REMEMBERED = "lutong.screen-calibration";

export interface Calibration {
  readonly value: number;
  /** Somebody held a card against this screen. */
  readonly measured: boolean;
  readonly keep: (value: number) => void;
}

export function useCalibration(): Calibration {
  const [stored, setStored] = useState(() => localStorage.getItem(REMEMBERED));
  const value = stored === null ? 1 : Number(stored);
  return {
    value: Number.isFinite(value) && value > 0 ? value : 1,
    measured: stored !== null,
    keep: (next) => {
      const text = next.toFixed(4);
      localStorage.setItem(REMEMBERED, text);
      setStored(text);
    },
  };
}
