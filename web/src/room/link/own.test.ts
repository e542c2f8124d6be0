/** My devices: whatever comes late, twice or not at all, what I switched off stays off and its light goes out. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeTrack, line, welcome, withoutNetwork } from "../../testing/peers.ts";
import { asked, askingBrowser, question, settled } from "../../testing/questions.ts";
import { aRoom } from "../../testing/room.ts";
import { Own } from "./own.ts";
import { StaffSession } from "./staff.ts";

beforeEach(() => {
  withoutNetwork();
  askingBrowser();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const asTrack = (track: FakeTrack) => track as unknown as MediaStreamTrack;
/** Microphone and camera on, from the device check. */
function begun() {
  const own = new Own({}, () => undefined);
  const [voice, picture] = [new FakeTrack("audio"), new FakeTrack("video")];
  own.take("microphone", asTrack(voice));
  own.take("camera", asTrack(picture));
  return { own, voice, picture };
}

/** Unplugged: the browser ends the track and says so. */
function unplug(track: FakeTrack): void {
  track.readyState = "ended";
  track.onended?.();
}

test("a microphone that goes while muted does not come back open", async () => {
  const { own, voice } = begun();
  await own.turn("microphone", false);
  unplug(voice);
  await settled();
  expect(asked()).toBe(0);
  expect(own.now.microphone).toMatchObject({ on: false, track: null, why: "ready" });
});

test("a microphone that goes while she speaks is opened again, once", async () => {
  const { own, voice } = begun();
  unplug(voice);
  expect(own.now.microphone).toMatchObject({ on: false, why: "busy" });
  question(0).grant();
  await settled();
  expect(own.now.microphone).toMatchObject({ on: true, why: "ready" });
  expect(asked()).toBe(1);
});

test("muted while the lost microphone is being opened again: it stays off and its light goes out", async () => {
  const { own, voice } = begun();
  unplug(voice);
  await own.turn("microphone", false);
  const late = question(0).grant();
  await settled();
  expect(own.now.microphone.on).toBe(false);
  expect(late.readyState).toBe("ended");
});

test("a track that was replaced says nothing any more", async () => {
  const { own, voice } = begun();
  const old = voice.onended;
  const choosing = own.choose("microphone", "m-2");
  const fresh = question(0).grant();
  await choosing;
  old?.();
  await settled();
  expect(asked()).toBe(1);
  expect(own.now.microphone.track).toBe(fresh);
});

test("a camera that is allowed after the call was left is let go at once", async () => {
  const own = new Own({}, () => undefined);
  const turning = own.turn("camera", true);
  own.close();
  const late = question(0).grant();
  await turning;
  expect(late.readyState).toBe("ended");
  expect(own.now.camera).toMatchObject({ on: false, track: null });
  await own.turn("camera", true);
  expect(asked()).toBe(1);
});

test("switched off while the browser asks: off is off", async () => {
  const own = new Own({}, () => undefined);
  const turning = own.turn("camera", true);
  await own.turn("camera", false);
  const late = question(0).grant();
  await turning;
  expect([late.readyState, own.now.camera.on]).toEqual(["ended", false]);
});

test("pressed twice opens one camera, whichever is granted first", async () => {
  const own = new Own({}, () => undefined);
  const both = [own.turn("camera", true), own.turn("camera", true)];
  const second = question(1).grant();
  await settled();
  const first = question(0).grant();
  await Promise.all(both);
  expect([first.readyState, second.readyState]).toEqual(["ended", "live"]);
  expect(own.now.camera.track).toBe(second);
});

test("another camera chosen while the first is being opened: the chosen one comes", async () => {
  const own = new Own({}, () => undefined);
  const turning = own.turn("camera", true);
  const choosing = own.choose("camera", "c-2");
  const first = question(0).grant();
  const second = question(1).grant();
  await Promise.all([turning, choosing]);
  expect(question(1).wish).toMatchObject({ video: { deviceId: { exact: "c-2" } } });
  expect([first.readyState, own.now.camera.track]).toEqual(["ended", second]);
  expect(own.chosen).toEqual({ camera: "c-2" });
});

test("a camera that does not open says why", async () => {
  const own = new Own({}, () => undefined);
  const turning = own.turn("camera", true);
  question(0).deny("NotReadableError");
  await turning;
  expect(own.now.camera).toEqual({ on: false, why: "busy", track: null });
});

function session() {
  const made = new StaffSession({ address: "ws://hub/signal", microphone: null, camera: null, newKey: () => "k" });
  made.start();
  line().open();
  welcome(line());
  line().say({ type: "room", room: aRoom() });
  return made;
}

test("a screen that is granted after she left is not shared", async () => {
  const call = session();
  const sharing = call.share(true);
  call.leave();
  const late = question(0).grant();
  await sharing;
  expect(late.readyState).toBe("ended");
  expect(call.now().mine.screen).toBeNull();
});

test("a screen that she thought better of while the browser asked is not shared", async () => {
  const call = session();
  const sharing = call.share(true);
  await call.share(false);
  const late = question(0).grant();
  await sharing;
  expect([late.readyState, call.now().mine.screen]).toEqual(["ended", null]);
  call.close();
});

test("another screen takes the place of the first, which is let go", async () => {
  const call = session();
  const both = [call.share(true), call.share(true)];
  const first = question(0).grant();
  await settled();
  const second = question(1).grant();
  await Promise.all(both);
  expect([first.readyState, call.now().mine.screen]).toEqual(["ended", second]);
  call.close();
  expect(second.readyState).toBe("ended");
});
