/** Golden sheets: a ramp and a square of known voltage stand where paper would have them. */
import { describe, expect, it } from "vitest";
import { averageBeat, beatsOf } from "./average.ts";
import { snap } from "./calipers.ts";
import { TWELVE } from "./layouts.ts";
import { STANDARD } from "./paper.ts";
import { decode, type Head } from "./payload.ts";
import { durationOf, leadOf, voltageAt, type Recording } from "./recording.ts";
import { layoutEcg, type SheetOptions } from "./traces.ts";
import { mm, mmPerMillivolt, mmPerSecond, seconds } from "./units.ts";

const FS = 500;

/** Every lead rises by 1 µV a sample from zero. */
function ramp(names: readonly string[] = TWELVE, durationS = 10): Recording {
  const samples = Int16Array.from({ length: FS * durationS }, (_, at) => at);
  return {
    fs: FS,
    leads: names.map((name) => ({ name, samples, microvoltsPerCount: 1, microvoltsAtZero: 0, first: 0 })),
  };
}

const options: SheetOptions = { layout: "3x4+1", scale: STANDARD, rhythm: "II", from: seconds(0) };
const traces = (recording: Recording, changed: Partial<SheetOptions> = {}) =>
  layoutEcg(recording, { ...options, ...changed }).strokes.filter(({ kind }) => kind === "trace");

describe("the 3×4+1 sheet", () => {
  it("is 250 mm of traces beside 10 mm of calibration, four rows of 25 mm under 5 mm", () => {
    const sheet = layoutEcg(ramp(), options);
    expect([sheet.width, sheet.height]).toEqual([260, 105]);
    expect(sheet.cells).toHaveLength(13);
  });

  it("begins aVR 62.5 mm after I, with the sample of 2.5 s", () => {
    const aVR = traces(ramp()).find(({ lead }) => lead === "aVR");
    expect(aVR?.points[0]).toEqual({ x: 72.5, y: 5 + 12.5 - 12.5 });
    expect(aVR?.points).toHaveLength(1250);
  });

  it("draws the rhythm lead over the whole ten seconds", () => {
    const rhythm = traces(ramp()).at(-1);
    expect(rhythm?.points).toHaveLength(5000);
    expect(rhythm?.points.at(-1)?.x).toBeCloseTo(10 + 9.998 * 25, 6);
  });

  it("puts a pulse of 1 mV and 200 ms before each row", () => {
    const [pulse] = layoutEcg(ramp(), options).strokes.filter(({ kind }) => kind === "pulse");
    const xs = pulse?.points.map(({ x }) => x) ?? [];
    const ys = pulse?.points.map(({ y }) => y) ?? [];
    expect(Math.max(...ys) - Math.min(...ys)).toBe(10);
    expect((xs[3] ?? 0) - (xs[2] ?? 0)).toBe(5);
  });

  it("names a lead that was not recorded and draws nothing for it", () => {
    const sheet = layoutEcg(ramp(["I", "II"]), options);
    expect(sheet.labels.filter(({ missing }) => missing)).toHaveLength(10);
    expect(sheet.strokes.filter(({ kind }) => kind === "trace").map(({ lead }) => lead)).toEqual(["I", "II", "II"]);
  });
});

describe("the other sheets", () => {
  it("doubles the width at 50 mm/s and the height of the trace at 20 mm/mV", () => {
    const scale = { speed: mmPerSecond(50), gain: mmPerMillivolt(20) };
    expect(layoutEcg(ramp(), { ...options, scale }).width).toBe(510);
    const last = traces(ramp(), { layout: "12x1", scale })[0]?.points.at(-1);
    expect(5 + 8 - (last?.y ?? 0)).toBeCloseTo(4.999 * 20, 6);
  });

  it("gives 6×2 five seconds a lead and 12×1 ten", () => {
    expect(traces(ramp(), { layout: "6x2" }).map(({ points }) => points.length)).toEqual(Array(12).fill(2500));
    expect(traces(ramp(), { layout: "12x1" }).map(({ points }) => points.length)).toEqual(Array(12).fill(5000));
  });

  it("shows a page of a long recording from where it is asked", () => {
    const page = traces(ramp(["II"], 60), { layout: "single", from: seconds(30) })[0];
    expect(page?.points).toHaveLength(5000);
    expect(page?.points[0]?.y).toBeCloseTo(5 + 30 - 150, 6);
  });
});

describe("the payload", () => {
  const head: Head = {
    encoding: "delta-int16-le",
    groups: [
      {
        kind: "rhythm",
        leads: ["I", "II"],
        samples_per_lead: 3,
        sampling_rate_hz: FS,
        start_offset_s: 0,
        byte_offset: 0,
        microvolts_per_count: [2, 4.88],
        microvolts_at_zero: [0, 100],
      },
    ],
  };
  const deltas = (values: readonly number[]) => new Uint8Array(Int16Array.from(values).buffer).buffer;

  it("gives the counts back from their differences, through the wrap at 2¹⁵", () => {
    const decoded = decode(head, deltas([32767, 1, -1, -5, 3, 2]));
    expect(decoded.ok && decoded.recording.leads.map(({ samples }) => [...(samples as Int16Array)])).toEqual([
      [32767, -32768, 32767],
      [-5, -2, 0],
    ]);
  });

  it("scales a count to millivolts with the lead's own factor and zero", () => {
    const decoded = decode(head, deltas([0, 0, 0, 250, 0, 0]));
    if (!decoded.ok) throw new Error(decoded.why);
    const lead = leadOf(decoded.recording, "II");
    expect(lead && voltageAt(lead, 0)).toBeCloseTo((250 * 4.88 + 100) / 1000, 10);
    expect(durationOf(decoded.recording)).toBeCloseTo(0.006, 10);
  });

  it("refuses another encoding and too few bytes, by name", () => {
    expect(decode({ ...head, encoding: "flac" }, deltas([]))).toEqual({ ok: false, why: "encoding" });
    expect(decode(head, deltas([1, 2]))).toEqual({ ok: false, why: "short" });
    expect(decode({ ...head, groups: [] }, deltas([]))).toEqual({ ok: false, why: "empty" });
  });
});

describe("beats", () => {
  /** A triangle of 80 ms and 1 mV, once a second. */
  const samples = Int16Array.from({ length: FS * 10 }, (_, at) => {
    const after = Math.abs((at % FS) - FS / 2);
    return after < 20 ? 1000 - after * 50 : 0;
  });
  const recording: Recording = {
    fs: FS,
    leads: [{ name: "II", samples, microvoltsPerCount: 1, microvoltsAtZero: 0, first: 0 }],
  };

  it("are found one a second", () => {
    const beats = beatsOf(recording);
    expect(beats).toHaveLength(10);
    for (const at of beats) expect(Math.abs((at % FS) - FS / 2)).toBeLessThanOrEqual(20);
  });

  it("average to the triangle that they are", () => {
    const beat = averageBeat(recording, "II", beatsOf(recording));
    expect(Math.max(...(beat?.voltages ?? []))).toBeCloseTo(1, 6);
  });

  it("let calipers snap to the trace", () => {
    const sheet = layoutEcg(recording, { ...options, layout: "single" });
    const snapped = snap(recording, sheet, { x: mm(10 + 0.5 * 25), y: mm(3) });
    expect(snapped.y).toBeCloseTo(5 + 30 - 10, 6);
  });
});
