/** The paper's numbers: they hold whatever the screen is. */
import { describe, expect, it } from "vitest";
import { calibrationFrom, gridLines, heightOf, pixelsPerMm, STANDARD, widthOf } from "./paper.ts";
import { readCalipers } from "./calipers.ts";
import { millivolts, mm, mmPerMillivolt, mmPerSecond, seconds } from "./units.ts";

describe("paper", () => {
  it("gives 200 ms 5.0 mm at 25 mm/s and 10.0 mm at 50 mm/s", () => {
    expect(widthOf(seconds(0.2), mmPerSecond(25))).toBeCloseTo(5, 10);
    expect(widthOf(seconds(0.2), mmPerSecond(50))).toBeCloseTo(10, 10);
  });

  it("gives 1 mV 10.0 mm at 10 mm/mV, half and double at 5 and 20", () => {
    expect([5, 10, 20].map((gain) => heightOf(millivolts(1), mmPerMillivolt(gain)))).toEqual([5, 10, 20]);
  });

  it("draws two 5 mm lines 18.9 px apart when the screen is not calibrated", () => {
    expect(5 * pixelsPerMm(1)).toBeCloseTo(18.9, 1);
  });

  it("takes the calibration from a bank card of 85.6 mm held against the screen", () => {
    expect(calibrationFrom(85.6 * (96 / 25.4))).toBeCloseTo(1, 10);
    expect(calibrationFrom(85.6 * (96 / 25.4) * 1.1)).toBeCloseTo(1.1, 10);
    expect(calibrationFrom(NaN)).toBe(1);
    expect(calibrationFrom(1)).toBe(0.5);
  });

  it("draws a line each millimetre, every fifth stronger, the edges too", () => {
    const lines = gridLines(mm(10));
    expect(lines).toHaveLength(11);
    expect(lines.filter(({ strong }) => strong).map(({ at }) => at)).toEqual([0, 5, 10]);
  });
});

describe("calipers", () => {
  it("reads 25 mm across as one second and 60 a minute", () => {
    const reading = readCalipers({ x: mm(10), y: mm(20) }, { x: mm(35), y: mm(20) }, STANDARD);
    expect(reading).toEqual({ ms: 1000, mV: 0, bpm: 60 });
  });

  it("reads 3.4 mm up as +0.34 mV whichever way time runs", () => {
    expect(readCalipers({ x: mm(30), y: mm(20) }, { x: mm(10), y: mm(16.6) }, STANDARD).mV).toBeCloseTo(0.34, 10);
  });

  it("gives no rate for a span too short to lie between two beats", () => {
    expect(readCalipers({ x: mm(0), y: mm(0) }, { x: mm(2), y: mm(0) }, STANDARD)).toEqual({
      ms: 80,
      mV: 0,
      bpm: null,
    });
  });
});
