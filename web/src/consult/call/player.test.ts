/** A recording on one clock: laid out by its offsets, kept together, held while something is fetched. */
import { expect, test } from "vitest";
import { aTrack } from "../../testing/calls.ts";
import { Player } from "./player.ts";
import { steer, type Media } from "./sync.ts";
import { digits, layOut, pictureAt, wasThere } from "./timeline.ts";

const LI_SPEAKS = aTrack({ number: 0, source: "microphone", start_ms: -200, milliseconds: 20_000 });
const LI_SEEN = aTrack({ number: 1, source: "camera", start_ms: 300, milliseconds: 9_700 });
const ZHAO_SPEAKS = aTrack({ number: 2, person: "zhaoning", name: "赵宁", source: "microphone", start_ms: 4_000 });
const SCREEN = aTrack({ number: 3, person: "zhaoning", name: "赵宁", source: "screen", start_ms: 6_000 });
const ALL = [LI_SPEAKS, LI_SEEN, ZHAO_SPEAKS, SCREEN];

test("tracks stand by person on one clock, a shared screen first, and nothing begins before nought", () => {
  const { zero, total, lanes } = layOut(ALL);
  expect([zero, total]).toEqual([-200, 20_000]);
  expect(lanes.map(({ id }) => id)).toEqual(["zhaoning/screen", "lilan/person", "zhaoning/person"]);
  expect(lanes[1]?.tracks.map(({ number, from, until }) => [number, from, until])).toEqual([
    [0, 0, 20_000],
    [1, 500, 10_200],
  ]);
});

test("a camera that was off is no picture, and somebody who had not come is not there", () => {
  const [, li, zhao] = layOut(ALL).lanes;
  if (li === undefined || zhao === undefined) throw new Error("no lanes");
  expect([pictureAt(li, 499)?.number, pictureAt(li, 500)?.number, pictureAt(li, 10_200)?.number]).toEqual([
    undefined,
    1,
    undefined,
  ]);
  expect([wasThere(li, 15_000), wasThere(zhao, 1_000), wasThere(zhao, 5_000)]).toEqual([true, false, true]);
});

test("a clock says minutes and seconds, and hours from an hour on", () => {
  expect([digits(0), digits(187_900), digits(3_787_000)]).toEqual(["0:00", "3:07", "1:03:07"]);
});

test("what is a little off is caught up by speed, what parts lips from voice by a jump, and none follows at once", () => {
  expect(steer(20, 9_999)).toEqual({ jump: false, rate: 1 });
  expect(steer(-80, 9_999).rate).toBeGreaterThan(1);
  expect(steer(80, 9_999).rate).toBeLessThan(1);
  expect(steer(140, 9_999).jump).toBe(true);
  expect(steer(-140, 200)).toEqual({ jump: false, rate: 1.1 });
});

/** A media element in the hand: it goes on only when the test says so. */
class Reel {
  currentTime = 0;
  readonly duration: number;
  paused = true;
  playbackRate = 1;
  muted = false;
  readyState = 4;
  seeking = false;
  ended = false;
  error: MediaError | null = null;
  constructor(duration: number) {
    this.duration = duration;
  }
  play = () => {
    this.paused = false;
    return Promise.resolve();
  };
  pause = () => {
    this.paused = true;
  };
}

function aShow(recorded = ALL) {
  let now = 1_000;
  const timeline = layOut(recorded);
  const player = new Player(timeline, () => now);
  const tracks = timeline.lanes.flatMap((lane) => lane.tracks).toSorted((a, b) => a.number - b.number);
  const reels = tracks.map(({ from, until }) => new Reel((until - from) / 1000));
  tracks.forEach((track, index) => player.attach(track, reels[index] as Media));
  const reel = (index: number) => {
    const found = reels[index];
    if (found === undefined) throw new Error("no such reel");
    return found;
  };
  /** Lets time pass in steps, and everything that plays with it. */
  const passes = (ms: number) => {
    for (let gone = 0; gone < ms; gone += 100) {
      now += 100;
      for (const it of reels) if (!it.paused && it.readyState > 2) it.currentTime += 0.1 * it.playbackRate;
      player.tick();
    }
  };
  return { player, reel, passes };
}

test("each track begins at its own moment and all go together", () => {
  const { player, reel, passes } = aShow();
  player.toggle();
  passes(200);
  expect([reel(0).paused, reel(1).paused, reel(2).paused]).toEqual([false, true, true]);
  passes(6_300);
  expect(player.read().at).toBeGreaterThan(6_000);
  for (const [index, from] of [
    [0, 0],
    [1, 500],
    [2, 4_200],
    [3, 6_200],
  ] as const) {
    expect(reel(index).paused).toBe(false);
    expect(Math.abs(reel(index).currentTime * 1000 + from - player.read().at)).toBeLessThanOrEqual(100);
  }
});

test("a jump moves every track, and nothing goes before all can", () => {
  const { player, reel, passes } = aShow();
  player.toggle();
  passes(500);
  reel(1).readyState = 1;
  player.seek(8_000);
  passes(300);
  expect(player.read()).toMatchObject({ at: 8_000, running: true, waiting: true });
  expect([reel(0).paused, reel(0).currentTime, reel(1).currentTime]).toEqual([true, 8, 7.5]);
  reel(1).readyState = 4;
  passes(300);
  expect(player.read().waiting).toBe(false);
  expect([0, 1, 2, 3].map((index) => reel(index).paused)).toEqual([false, false, false, false]);
});

test("whoever is late for a moment is waited for by nobody, for longer by all", () => {
  const { player, reel, passes } = aShow();
  player.toggle();
  passes(1_000);
  reel(1).readyState = 2;
  passes(300);
  expect(player.read().waiting).toBe(false);
  passes(400);
  expect([player.read().waiting, reel(0).paused]).toEqual([true, true]);
});

test("a picture that runs ahead of the voice is brought back", () => {
  const { player, reel, passes } = aShow();
  player.toggle();
  passes(2_000);
  reel(1).currentTime += 0.5;
  passes(100);
  expect(Math.abs(reel(1).currentTime * 1000 + 500 - player.read().at)).toBeLessThanOrEqual(100);
});

test("what cannot be played is said, and the others go on", () => {
  const { player, reel, passes } = aShow();
  reel(1).error = { code: 4 } as MediaError;
  player.toggle();
  passes(1_500);
  expect(player.read().broken).toEqual([1]);
  expect(player.read().at).toBeGreaterThan(1_000);
});

test("one voice is silent, pictures always are; at the end it stands, and begins anew", () => {
  const { player, reel, passes } = aShow();
  player.silence("lilan/person");
  expect([reel(0).muted, reel(1).muted, reel(2).muted]).toEqual([true, true, false]);
  player.silence("lilan/person");
  expect(reel(0).muted).toBe(false);
  player.seek(19_500);
  player.toggle();
  passes(1_500);
  expect(player.read()).toMatchObject({ running: false, at: 20_000 });
  player.toggle();
  passes(200);
  expect(player.read().at).toBeLessThan(1_000);
});

test("twice as fast is the clock of all", () => {
  const { player, reel, passes } = aShow();
  player.setSpeed(2);
  player.toggle();
  passes(2_000);
  expect(reel(0).playbackRate).toBe(2);
  expect(player.read().at).toBeGreaterThan(3_000);
});
