/** The way of media before anybody joins: the best that comes through, and in words which one fails. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakePeer, line, withoutNetwork } from "../../testing/peers.ts";
import { tryWay, type Way } from "./way.ts";

const ANSWER = [
  "v=0",
  "a=candidate:1 1 UDP 2130706431 10.0.0.1 34780 typ host",
  "a=candidate:2 1 TCP 2105458943 10.0.0.1 34780 typ host tcptype passive",
  "",
].join("\r\n");
const RELAYS = [{ urls: ["turn:10.0.0.9"], username: "u", credential: "c" }];
let found: Way[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  withoutNetwork();
  found = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settled = () => vi.advanceTimersByTimeAsync(0);

async function begin(relays: readonly object[] = []) {
  const end = tryWay("ws://hub/signal", (way) => found.push(way));
  line().open();
  line().answer("probe", { type: "probed", sdp: "", ice_servers: relays });
  await settled();
  return end;
}

/** The hub answers the trial; it comes through or does not. */
async function trial(comesThrough: boolean): Promise<FakePeer> {
  await settled();
  line().answer("probe", { type: "probed", sdp: ANSWER, ice_servers: [] });
  await settled();
  const pc = FakePeer.made.at(-1);
  if (pc === undefined) throw new Error("Nothing was tried");
  if (comesThrough) pc.connect();
  // Meanwhile the line is asked whether anybody is there.
  for (let at = 0; at < 7 && !comesThrough; at += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    line().answer("ping", { type: "pong", now: "" });
  }
  await settled();
  return pc;
}

const candidates = (pc: FakePeer) => pc.remote[0]?.sdp.match(/ (UDP|TCP) /g)?.join("");

test("over UDP, and nothing else is tried", async () => {
  await begin();
  expect(candidates(await trial(true))).toBe(" UDP ");
  expect(found).toEqual(["udp"]);
  expect(FakePeer.made.every(({ closed }) => closed)).toBe(true);
});

test("where UDP is blocked, over TCP", async () => {
  await begin();
  await trial(false);
  expect(candidates(await trial(true))).toBe(" TCP ");
  expect(found).toEqual(["tcp"]);
});

test("where only a relay helps", async () => {
  await begin(RELAYS);
  await trial(false);
  await trial(false);
  const pc = await trial(true);
  expect(pc.configuration).toMatchObject({ iceTransportPolicy: "relay", iceServers: RELAYS });
  expect(found).toEqual(["relay"]);
});

test("nothing comes through", async () => {
  await begin();
  await trial(false);
  await trial(false);
  expect(found).toEqual(["none"]);
});

test("the hub has no media worker", async () => {
  await begin();
  line().answer("probe", { type: "error", code: "MEDIA_AWAY", detail: "" });
  await settled();
  expect(found).toEqual(["away"]);
});

test("whoever goes in meanwhile tries nothing more, and hears nothing of it", async () => {
  const end = await begin();
  await settled();
  line().answer("probe", { type: "probed", sdp: ANSWER, ice_servers: [] });
  await settled();
  end();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([found, FakePeer.made.every(({ closed }) => closed)]).toEqual([[], true]);
});
