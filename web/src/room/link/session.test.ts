/** A person's call from the first frame to the last, with the test as the hub and doubles for what jsdom lacks. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { aTrack, begin, inside } from "../../testing/calling.ts";
import { FakeSocket, line, welcome, withoutNetwork } from "../../testing/peers.ts";
import { aLobby, aMessage, aRoom, LI, ZHAO } from "../../testing/room.ts";

beforeEach(() => {
  vi.useFakeTimers();
  withoutNetwork();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("joins, waits, and is let in", async () => {
  const session = begin({ camera: false });
  expect(line().last("join")).toBeDefined();
  welcome(line());
  line().say({ type: "lobby", lobby: aLobby() });
  await vi.advanceTimersByTimeAsync(0);
  expect(session.now()).toMatchObject({ line: { at: "up" }, me: ZHAO.id, stage: { at: "waiting" } });
  line().say({ type: "room", room: aRoom() });
  expect(session.now().stage.at).toBe("inside");
});

test("publishes three layers with the lowest first, and voice with FEC and DTX", async () => {
  const { main } = await inside();
  expect(line().last("publish")).toMatchObject({
    connection: "main",
    epoch: 3,
    sources: { "0": "microphone", "1": "camera" },
  });
  const init = main.transceivers[1]?.init as RTCRtpTransceiverInit;
  expect(init.sendEncodings?.map(({ rid }) => rid)).toEqual(["l", "m", "h"]);
  expect(main.remote[0]?.sdp).toContain("minptime=10;useinbandfec=1;usedtx=1;maxaveragebitrate=32000\r\n");
});

test("answers offers in their order, leaves old ones, and gives each picture its stream", async () => {
  const { session, subscriber } = await inside();
  const offer = { type: "offer", epoch: 3, sdp: "offer", tracks: [{ mid: "0", seat: LI.id, source: "microphone" }] };
  line().say({ ...offer, version: 2 });
  line().say({ ...offer, version: 1 });
  line().say({ ...offer, version: 3, epoch: 2 });
  await vi.advanceTimersByTimeAsync(0);
  expect(line().sent.filter(({ type }) => type === "answer")).toHaveLength(1);
  line().answer("answer");
  await vi.advanceTimersByTimeAsync(0);
  expect(Object.keys(session.now().tracks)).toEqual([`${LI.id}/microphone`]);
  expect(subscriber.remote).toHaveLength(1);
});

test("a connection that falls silent is restarted after two seconds and all joins anew after five", async () => {
  const { main } = await inside();
  main.received = 40;
  await vi.advanceTimersByTimeAsync(1_000);
  const told = line();
  await vi.advanceTimersByTimeAsync(2_600);
  expect(main.restarts).toBe(1);
  expect(FakeSocket.opened).toHaveLength(1);
  told.answer("ping", { type: "pong", now: "" });
  await vi.advanceTimersByTimeAsync(3_400);
  expect(FakeSocket.opened.length).toBeGreaterThan(1);
});

test("comes back by itself after the line broke, and voices go on meanwhile", async () => {
  const { session, main } = await inside();
  line().drop();
  expect(session.now().line.at).toBe("down");
  expect(main.closed).toBe(false);
  await vi.advanceTimersByTimeAsync(500);
  expect(FakeSocket.opened).toHaveLength(2);
  line().open();
  welcome(line());
  line().say({ type: "media", epoch: 4 });
  await vi.advanceTimersByTimeAsync(0);
  expect(session.now().line.at).toBe("up");
  expect(main.closed).toBe(true);
  expect(line().last("publish")).toMatchObject({ epoch: 4 });
});

test("attempts grow apart, up to three seconds and a third", async () => {
  begin();
  for (let at = 0; at < 8; at += 1) {
    line().drop();
    await vi.advanceTimersByTimeAsync(4_000);
  }
  expect(FakeSocket.opened).toHaveLength(9);
  line().drop();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(FakeSocket.opened).toHaveLength(9);
});

test("a hub that does not answer is taken for a broken line", async () => {
  begin();
  welcome(line());
  await vi.advanceTimersByTimeAsync(9_200);
  expect(FakeSocket.opened.length).toBeGreaterThan(1);
});

test("what the host switched off stays off until I myself switch it on", async () => {
  const { session } = await inside();
  line().say({ type: "muted", kind: "microphone", by: "赵宁" });
  await vi.advanceTimersByTimeAsync(0);
  expect(session.now().muted).toEqual({ kind: "microphone", by: "赵宁" });
  expect(session.now().mine.microphone).toMatchObject({ on: false, track: { enabled: false } });
  expect(line().last("devices")).toMatchObject({ microphone: false, camera: true });
  await session.turn("microphone", true);
  expect(line().last("devices")).toMatchObject({ microphone: true });
});

test("a camera that is off is stopped, and another one takes its place without a new description", async () => {
  const { session, main } = await inside();
  const first = session.now().mine.camera.track;
  await session.turn("camera", false);
  expect(first?.readyState).toBe("ended");
  expect(main.transceivers[1]?.sender.track).toBeNull();
  const second = aTrack("video");
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: () => Promise.resolve({ getTracks: () => [second] }) } });
  await session.turn("camera", true);
  expect(main.transceivers[1]?.sender.track).toBe(second);
  expect(line().sent.filter(({ type }) => type === "publish")).toHaveLength(1);
});

test("a message that the line swallowed goes out again under its key, once", async () => {
  const { session } = await inside();
  void session.say("血压 92/58");
  const { key } = line().last("chat") as { key?: string };
  line().drop();
  await vi.advanceTimersByTimeAsync(500);
  expect(session.now().unsent).toMatchObject([{ text: "血压 92/58", failed: true }]);
  line().open();
  welcome(line());
  line().say({ type: "media", epoch: 3 });
  await vi.advanceTimersByTimeAsync(0);
  expect(line().last("chat")).toMatchObject({ key, text: "血压 92/58" });
  line().answer("chat", { type: "ok", message: aMessage({ key: String(key), text: "血压 92/58" }) });
  await vi.advanceTimersByTimeAsync(0);
  expect(session.now()).toMatchObject({ unsent: [], chats: [{ text: "血压 92/58" }] });
});

test("what I show goes out at once, then the last of each pace, numbered upwards", async () => {
  const { session } = await inside();
  for (let frame = 0; frame < 20; frame += 1) session.show({ kind: "study", study_uid: "1.2", frame });
  expect(line().sent.filter(({ type }) => type === "view")).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(100);
  const shown = line().sent.filter(({ type }) => type === "view");
  expect(shown.map(({ view }) => view)).toMatchObject([
    { frame: 0, seq: 1 },
    { frame: 19, seq: 20 },
  ]);
  expect(session.now().view).toMatchObject({ frame: 19 });
});

test("the same wish is said once, and again after a new beginning", async () => {
  const { session } = await inside();
  const wish = { [`${LI.id}/camera`]: { limit: "all", priority: 1 } } as const;
  session.want(wish);
  session.want(wish);
  expect(line().sent.filter(({ type }) => type === "want")).toHaveLength(1);
  line().say({ type: "media", epoch: 9 });
  session.want(wish);
  expect(line().sent.filter(({ type }) => type === "want")).toHaveLength(2);
});

test("too early says when and tries again; not mine is the last word", async () => {
  const session = begin();
  line().answer("join", { type: "error", code: "TOO_EARLY", detail: "", begins_at: "2026-11-23T02:00:00Z" });
  await vi.advanceTimersByTimeAsync(0);
  expect(session.now().stage).toMatchObject({ at: "refused", code: "TOO_EARLY", beginsAt: "2026-11-23T02:00:00Z" });
  await vi.advanceTimersByTimeAsync(31_000);
  const again = FakeSocket.opened.length;
  expect(again).toBeGreaterThan(1);
  line().open();
  line().answer("join", { type: "error", code: "FORBIDDEN", detail: "" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeSocket.opened).toHaveLength(again);
});

test("taken over by another tab, or ended: everything stops and nothing comes back", async () => {
  const { session, main } = await inside();
  const voice = session.now().mine.microphone.track;
  line().say({ type: "ended", reason: "replaced" });
  line().drop(4000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(session.now().stage).toEqual({ at: "over", reason: "replaced" });
  expect([FakeSocket.opened.length, main.closed, voice?.readyState]).toEqual([1, true, "ended"]);
});

test("a connection that never came about is said, and tried again", async () => {
  const { session, main } = await inside();
  for (let at = 0; at < 9; at += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    line().answer("ping", { type: "pong", now: "" });
  }
  expect(session.now().media).toEqual({ at: "blocked" });
  expect(main.closed).toBe(true);
  expect(line().sent.filter(({ type }) => type === "publish")).toHaveLength(2);
});

test("a receiving end that the hub lost is made anew alone", async () => {
  const { main, subscriber } = await inside();
  line().say({ type: "gone", connection: "subscribe" });
  expect([main.closed, subscriber.closed]).toEqual([false, true]);
  expect(line().sent.filter(({ type }) => type === "subscribe")).toHaveLength(2);
});

test("a beginning that another one overtook fails without a word: the newer one stands", async () => {
  begin();
  welcome(line());
  line().say({ type: "room", room: aRoom() });
  line().say({ type: "media", epoch: 3 });
  await vi.advanceTimersByTimeAsync(0);
  const first = line().last("publish");
  line().say({ type: "media", epoch: 4 });
  await vi.advanceTimersByTimeAsync(0);
  line().say({ type: "error", id: first?.id, code: "NO_ROOM", detail: "" });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(FakeSocket.opened).toHaveLength(1);
});
