/** The viewer's arithmetic: windows, stacks, prefetch, addresses, boxes. */
import { describe, expect, it } from "vitest";
import { renderedAddress } from "./addresses.ts";
import { attributesOf, drawnSize, millimetresOf } from "./attributes.ts";
import { boxOf, CENTRED, moved, zoomed } from "./box.ts";
import { act, openPane } from "./pane.ts";
import { AT_ONCE, nextToFetch } from "./prefetch.ts";
import { alongside, slicesOf, stepped, type Picture } from "./stack.ts";
import { dragged, greyOf, presetsFor } from "./window.ts";

const picture = (instance: string, number: number | null, more: Partial<Picture> = {}): Picture => ({
  study: "1.2",
  series: "1.2.3",
  instance,
  number,
  frames: 1,
  hasPixels: true,
  sopClass: "1.2.840.10008.5.1.4.1.1.2",
  ...more,
});

describe("the window", () => {
  it("follows PS3.3 C.11.2.1.2: black at the lower end, white at the upper, grey at the centre", () => {
    const abdomen = { center: 50, width: 380 };
    expect(greyOf(-140, abdomen)).toBe(0);
    expect(greyOf(239, abdomen)).toBe(255);
    expect(greyOf(49.5, abdomen)).toBeCloseTo(127.5, 10);
  });

  it("of width 1 is a threshold", () => {
    expect([greyOf(10, { center: 11, width: 1 }), greyOf(11, { center: 11, width: 1 })]).toEqual([0, 255]);
  });

  it("has absolute presets for CT and relative ones elsewhere", () => {
    expect(presetsFor("CT").map(({ window }) => window(null)?.center)).toEqual([50, 90, -600, 400]);
    expect(presetsFor("MR").map(({ window }) => window({ center: 600, width: 1000 })?.width ?? null)).toEqual([
      null,
      600,
      1600,
      2500,
    ]);
  });

  it("widens to the right and never below 1", () => {
    expect(dragged({ center: 50, width: 300 }, 10, -5)).toEqual({ center: 45, width: 310 });
    expect(dragged({ center: 50, width: 3 }, -100, 0).width).toBe(1);
  });
});

describe("the stack", () => {
  it("is ordered by instance number, frame after frame, and leaves out what has no pixels", () => {
    const slices = slicesOf([
      picture("b", 2, { frames: 2 }),
      picture("sr", 0, { hasPixels: false }),
      picture("a", 1),
      picture("late", null),
    ]);
    expect(slices.map(({ instance, frame }) => `${instance}${String(frame)}`)).toEqual(["a1", "b1", "b2", "late1"]);
  });

  it("has two ends", () => {
    expect([stepped(0, -1, 10), stepped(8, 5, 10), stepped(3, 1, 10), stepped(0, 1, 0)]).toEqual([0, 9, 4, 0]);
  });

  it("finds the slice of another stack that lies as far along", () => {
    expect([alongside(73, 146, 64), alongside(145, 146, 64), alongside(0, 1, 64)]).toEqual([32, 63, 0]);
  });
});

describe("prefetch", () => {
  const nothing = new Set<number>();
  it("takes the wanted slice first, then two ahead for one behind, four at once", () => {
    const asked = { index: 10, count: 100, direction: 1 as const, loaded: nothing, underway: nothing };
    expect(nextToFetch(asked)).toEqual([10, 11, 12, 9]);
    expect(nextToFetch({ ...asked, direction: -1 })).toEqual([10, 9, 8, 11]);
  });

  it("fetches the wanted slice although the line is full", () => {
    const underway = new Set([1, 2, 3, 4]);
    expect(underway.size).toBe(AT_ONCE);
    expect(nextToFetch({ index: 50, count: 100, direction: 1, loaded: nothing, underway })).toEqual([50]);
    expect(nextToFetch({ index: 50, count: 100, direction: 1, loaded: new Set([50]), underway })).toEqual([]);
  });

  it("asks for nothing beyond the ends", () => {
    expect(nextToFetch({ index: 0, count: 2, direction: 1, loaded: nothing, underway: nothing })).toEqual([0, 1]);
  });
});

describe("addresses", () => {
  const slice = { study: "1.2", series: "1.2.3", instance: "1.2.3.4", frame: 2, frames: 1 };
  it("name a frame only where there are several, and the window only where one was chosen", () => {
    const rendering = { viewport: [512, 400.4] as const, quality: 80, window: null };
    expect(renderedAddress(slice, rendering)).toBe(
      "/dicom-web/studies/1.2/series/1.2.3/instances/1.2.3.4/rendered?quality=80&viewport=512,400",
    );
    expect(renderedAddress({ ...slice, frames: 3 }, { ...rendering, window: { center: 50, width: 380 } })).toBe(
      "/dicom-web/studies/1.2/series/1.2.3/instances/1.2.3.4/frames/2/rendered?quality=80&viewport=512,400&window=50,380,linear",
    );
  });
});

describe("the box", () => {
  const pane = { width: 800, height: 600 };
  it("fits the whole picture into the pane", () => {
    expect(boxOf({ width: 512, height: 512 }, pane, CENTRED)).toEqual({ left: 100, top: 0, width: 600, height: 600 });
  });
  it("grows from its centre and moves with the hand", () => {
    const placing = moved(zoomed(CENTRED, 2), 10, -20);
    expect(boxOf({ width: 512, height: 512 }, pane, placing)).toEqual({
      left: -190,
      top: -320,
      width: 1200,
      height: 1200,
    });
  });
  it("of a picture without a size is nothing", () => {
    expect(boxOf({ width: 0, height: 0 }, pane, CENTRED).width).toBe(0);
  });
});

describe("a pane", () => {
  const pane = openPane("1.2", "1.2.3");
  it("steps within its stack and remembers the way", () => {
    const there = act(act(pane, { do: "step", by: 5, count: 10 }), { do: "step", by: -1, count: 10 });
    expect([there.index, there.direction]).toEqual([4, -1]);
    expect(act(pane, { do: "step", by: -1, count: 10 })).toBe(pane);
  });

  it("keeps lengths with their slice and forgets all of it on reset", () => {
    const length = { from: [0, 0], to: [3, 4] } as const;
    const measured = act(act(pane, { do: "go", to: 2, count: 5 }), { do: "measure", length });
    expect(measured.lengths[2]).toEqual([length]);
    expect(act(act(measured, { do: "invert" }), { do: "reset" })).toMatchObject({
      index: 2,
      invert: false,
      lengths: {},
    });
  });

  it("opens another series at its beginning, and the same one not at all", () => {
    expect(act(pane, { do: "open", study: "1.2", series: "1.2.3" })).toBe(pane);
    expect(act(pane, { do: "open", study: "1.2", series: "9" })).toMatchObject({ series: "9", index: 0, window: null });
  });
});

describe("attributes", () => {
  const json = {
    "00280010": { vr: "US", Value: [100] },
    "00280011": { vr: "US", Value: [200] },
    "00280030": { vr: "DS", Value: [0.5, "0.25"] },
    "00281050": { vr: "DS", Value: [40, 500] },
    "00281051": { vr: "DS", Value: [400, 2000] },
  };
  it("take the first stored window, and the distance between rows before that between columns", () => {
    expect(attributesOf(json)).toMatchObject({
      window: { center: 40, width: 400 },
      spacing: { row: 0.5, column: 0.25 },
    });
  });

  it("measure in millimetres, or not at all", () => {
    const length = { from: [0, 0], to: [4, 0] } as const;
    expect(millimetresOf(length, attributesOf(json))).toBe(1);
    expect(millimetresOf({ from: [0, 0], to: [0, 4] }, attributesOf(json))).toBe(2);
    expect(millimetresOf(length, attributesOf({}))).toBeNull();
  });

  it("draw pixels that are not square as the device saw them", () => {
    expect(drawnSize(attributesOf(json))).toEqual({ width: 200, height: 200 });
  });
});
