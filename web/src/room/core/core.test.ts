/** What the screen knows of a room, from what the hub said; and when silence asks for a new beginning. */
import { expect, test } from "vitest";
import { aLobby, aMessage, aRoom, aSeat, LI, PATIENT, ZHAO } from "../../testing/room.ts";
import {
  after,
  begun,
  lineWordOf,
  looked,
  NOTHING,
  roomOf,
  tilesOf,
  waitingOf,
  wantedOf,
  type Notice,
  type SharedView,
} from "./index.ts";

const heard = (...notices: readonly Notice[]) => notices.reduce(after, NOTHING);
const VIEW: SharedView = { kind: "study", study_uid: "1.2", frame: 3, seq: 7 };

test("somebody who waits sees who, when and what now; let in, she sees the room", () => {
  const waiting = heard({ type: "lobby", lobby: aLobby() });
  expect(waiting.stage).toMatchObject({ at: "waiting", lobby: { host_here: false } });
  expect(roomOf(after(waiting, { type: "room", room: aRoom() }))?.number).toBe("H-2611-0001-H");
});

test("an older room and a late word after the end change nothing", () => {
  const newer = heard({ type: "room", room: aRoom({ version: 5, locked: true }) });
  expect(roomOf(after(newer, { type: "room", room: aRoom({ version: 4 }) }))?.locked).toBe(true);
  const over = after(newer, { type: "ended", reason: "removed" });
  expect(after(over, { type: "room", room: aRoom({ version: 9 }) }).stage).toEqual({ at: "over", reason: "removed" });
});

test("a retry and the record so far do not say a message twice", () => {
  const [first, second] = [aMessage(), aMessage({ id: "m-2", key: "k-2", at: "2026-11-23T01:07:00Z" })];
  const said = heard({ type: "chat", message: second }, { type: "chats", messages: [first, second] });
  expect(said.chats.map(({ id }) => id)).toEqual(["m-1", "m-2"]);
});

test("a view that was moved since is not thrown back by an older snapshot", () => {
  const moved = heard({ type: "view", view: VIEW, by: ZHAO.id });
  const old = after(moved, { type: "room", room: aRoom({ view: { ...VIEW, frame: 1, seq: 5 } }) });
  expect(old.view?.frame).toBe(3);
  expect(after(old, { type: "room", room: aRoom({ version: 2, view: null }) }).view).toBeNull();
});

test("a pointer lasts until it is lifted or its person goes", () => {
  const here = heard({ type: "room", room: aRoom() }, { type: "point", seat: LI.id, x: 0.2, y: 0.4 });
  expect(here.pointers).toEqual({ [LI.id]: { x: 0.2, y: 0.4 } });
  expect(after(here, { type: "point", seat: LI.id, x: null, y: null }).pointers).toEqual({});
  expect(after(here, { type: "room", room: aRoom({ version: 2, seats: [ZHAO] }) }).pointers).toEqual({});
});

test("a paused picture says why, and forgets it at a new beginning", () => {
  const paused = heard({ type: "paused", seat: PATIENT.id, source: "camera", cause: "line" });
  expect(lineWordOf(PATIENT, paused)).toBe("audio-only");
  expect(lineWordOf(PATIENT, after(paused, { type: "media", epoch: 2 }))).toBe("unknown");
  const resumed = after(paused, { type: "resumed", seat: PATIENT.id, source: "camera", cause: "line" });
  expect(lineWordOf(PATIENT, resumed)).toBe("unknown");
});

test("a tile says how the line is in words", () => {
  const poor = heard({
    type: "quality",
    seats: { [LI.id]: { rtt_ms: 900, loss: 0.2, kbit: 60, level: "poor" } },
  });
  expect(lineWordOf(LI, poor)).toBe("poor");
  expect(lineWordOf(PATIENT, poor)).toBe("unknown");
  expect(lineWordOf(aSeat({ camera: false }), poor)).toBe("audio-only");
  expect(lineWordOf(aSeat({ status: "away" }), poor)).toBe("reconnecting");
  expect(lineWordOf(aSeat({ id: "x", camera: false }), poor)).toBe("camera-off");
});

test("tiles show experts first and me last, never who waits or looks on", () => {
  const seats = [ZHAO, PATIENT, LI, aSeat({ id: "w", status: "waiting" }), aSeat({ id: "o", role: "observer" })];
  const room = aRoom({ seats });
  expect(tilesOf(room).map(({ id }) => id)).toEqual([LI.id, PATIENT.id, ZHAO.id]);
  expect(waitingOf(room).map(({ id }) => id)).toEqual(["w"]);
});

test("only what is seen is asked for, and no picture at all with sound only", () => {
  const room = aRoom({ seats: [ZHAO, LI, aSeat({ ...PATIENT, screen: true })] });
  const seen = wantedOf(room, { visible: [LI.id], large: LI.id, audioOnly: false });
  expect(seen).toEqual({
    "s-lilan/camera": { limit: "all", priority: 2 },
    "s-patient/camera": { limit: "none", priority: 1 },
    "s-patient/screen": { limit: "all", priority: 3 },
  });
  const sound = wantedOf(room, { visible: [LI.id, PATIENT.id], large: null, audioOnly: true });
  expect(Object.values(sound).map(({ limit }) => limit)).toEqual(["none", "none", "none"]);
});

test("two seconds of silence restart, five begin anew, a packet makes all well", () => {
  const flows = looked(begun(0), 10, 500).watch;
  expect(looked(flows, 10, 2_400).advice).toBe("fine");
  const restarted = looked(flows, 10, 2_500);
  expect(restarted.advice).toBe("restart");
  expect(looked(restarted.watch, 10, 4_000).advice).toBe("fine");
  expect(looked(restarted.watch, 11, 4_000)).toEqual({
    advice: "fine",
    watch: { received: 11, heardAt: 4_000, restarted: false },
  });
  expect(looked(restarted.watch, 10, 5_500).advice).toBe("rejoin");
});

test("a connection that never came about is told apart from one that broke", () => {
  expect(looked(begun(0), 0, 7_900).advice).toBe("fine");
  expect(looked(begun(0), 0, 8_000).advice).toBe("never-connected");
});
