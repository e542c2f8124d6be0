/** A person's call that breaks and comes back: what was off stays off, and nobody hammers the hub. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { inside } from "../../testing/calling.ts";
import { FakeSocket, line, welcome, withoutNetwork } from "../../testing/peers.ts";
import { aRoom, LI, ZHAO } from "../../testing/room.ts";

beforeEach(() => {
  vi.useFakeTimers();
  withoutNetwork();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what the host switched off while my line was down stays off when it is back", async () => {
  const { session } = await inside();
  line().drop(1006);
  await vi.advanceTimersByTimeAsync(500);
  line().open();
  welcome(line());
  await vi.advanceTimersByTimeAsync(0);
  const silenced = { ...ZHAO, silenced: ["microphone"] as const };
  line().say({ type: "room", room: aRoom({ seats: [silenced, LI] }) });
  line().say({ type: "media", epoch: 4 });
  await vi.advanceTimersByTimeAsync(0);
  expect(session.now().mine.microphone).toMatchObject({ on: false, track: { enabled: false } });
  expect(line().last("devices")).toMatchObject({ microphone: false });
});

test("a passing trouble of the hub leaves whoever is inside her room, and is tried again", async () => {
  const { session } = await inside();
  line().drop(1006);
  await vi.advanceTimersByTimeAsync(500);
  line().open();
  line().answer("join", { type: "error", code: "FAULT", detail: "系统出错" });
  await vi.advanceTimersByTimeAsync(0);
  expect(session.now().stage.at).toBe("inside");
  const before = FakeSocket.opened.length;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(FakeSocket.opened.length).toBeGreaterThan(before);
  line().open();
  welcome(line());
  await vi.advanceTimersByTimeAsync(0);
  const back = FakeSocket.opened.length;
  line().say({ type: "pong" });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(FakeSocket.opened).toHaveLength(back);
});

test("without a media worker the line stays, and it is asked again ever more seldom", async () => {
  const { session } = await inside();
  line().say({ type: "media", epoch: 4 });
  await vi.advanceTimersByTimeAsync(0);
  const lines = FakeSocket.opened.length;
  line().answer("publish", { type: "error", code: "MEDIA_AWAY", detail: "" });
  await vi.advanceTimersByTimeAsync(0);
  expect(session.now().media.at).toBe("restoring");
  const asked = line().sent.filter(({ type }) => type === "publish").length;
  await vi.advanceTimersByTimeAsync(1_100);
  expect(line().sent.filter(({ type }) => type === "publish")).toHaveLength(asked + 1);
  expect(FakeSocket.opened).toHaveLength(lines);
});

test("a restart that another end answers begins anew: the hub had given ours up", async () => {
  const { main } = await inside();
  const end = (session: string) => ({
    type: "published",
    connection: "main",
    epoch: 3,
    sdp: `o=- ${session} 1 IN IP4 h\r\n`,
  });
  main.received = 1;
  await vi.advanceTimersByTimeAsync(600);
  await vi.advanceTimersByTimeAsync(2_500);
  expect(main.restarts).toBe(1);
  line().answer("publish", end("7"));
  await vi.advanceTimersByTimeAsync(0);
  expect(main.closed).toBe(false);
  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  expect(main.restarts).toBe(2);
  line().answer("publish", end("8"));
  await vi.advanceTimersByTimeAsync(0);
  expect(main.closed).toBe(true);
  expect(line().sent.filter(({ type }) => type === "publish")).toHaveLength(4);
});

/** The line breaks as she answers, and is back. */
async function answersAsTheLineBreaks(recording: boolean) {
  const { session } = await inside();
  const answered = session.command({ type: "consent", recording });
  const failed = expect(answered);
  line().drop(1006);
  const outcome = recording ? failed.rejects.toMatchObject({ code: "LINE_DOWN" }) : failed.resolves.toBeUndefined();
  await outcome;
  await vi.advanceTimersByTimeAsync(500);
  line().open();
  welcome(line());
  await vi.advanceTimersByTimeAsync(0);
  line().say({ type: "room", room: aRoom({ recording: "asking" }) });
}

test("a no to recording that the line lost is said again", async () => {
  await answersAsTheLineBreaks(false);
  expect(line().last("consent")).toMatchObject({ recording: false });
});

test("a yes that the line lost is not said for her: she is asked anew", async () => {
  await answersAsTheLineBreaks(true);
  expect(line().last("consent")).toBeUndefined();
});

test("her end of a class that the line lost is said again until the hub answers, and then no more", async () => {
  const { session } = await inside();
  const back = async () => {
    await vi.advanceTimersByTimeAsync(3_500);
    line().open();
    welcome(line());
    await vi.advanceTimersByTimeAsync(0);
    line().say({ type: "room", room: aRoom({ teaching: true }) });
  };
  line().drop(1006);
  await expect(session.command({ type: "close-class" })).resolves.toBeUndefined();
  await back();
  expect(line().last("close-class")).toBeDefined();
  line().drop(1006);
  await back();
  line().answer("close-class", { type: "error", code: "FORBIDDEN", detail: "" });
  await vi.advanceTimersByTimeAsync(0);
  line().drop(1006);
  await back();
  expect(line().last("close-class")).toBeUndefined();
});

test("the end of the call that the line lost is said when it is back", async () => {
  const { session } = await inside();
  line().drop(1006);
  await expect(session.command({ type: "end" })).resolves.toBeUndefined();
  await vi.advanceTimersByTimeAsync(500);
  line().open();
  welcome(line());
  await vi.advanceTimersByTimeAsync(0);
  line().say({ type: "room", room: aRoom() });
  expect(line().last("end")).toBeDefined();
});
