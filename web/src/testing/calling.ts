/** Somebody in a call whose hub is the test: devices on, admitted, media begun. Under fake timers. */
import { vi } from "vitest";
import { StaffSession } from "../room/link/index.ts";
import { FakePeer, FakeTrack, line, welcome } from "./peers.ts";
import { aRoom } from "./room.ts";

const SOUND = "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n";
let keys = 0;
export const aTrack = (kind: string) => new FakeTrack(kind) as unknown as MediaStreamTrack;

export function begin({ camera = true } = {}): StaffSession {
  const session = new StaffSession({
    address: "ws://hub/signal",
    microphone: aTrack("audio"),
    camera: camera ? aTrack("video") : null,
    newKey: () => `k-${String(++keys)}`,
  });
  session.start();
  line().open();
  return session;
}

/** Admitted, media begun: main publishes, one connection receives. */
export async function inside() {
  const session = begin();
  welcome(line());
  await vi.advanceTimersByTimeAsync(0);
  line().say({ type: "room", room: aRoom() });
  line().say({ type: "media", epoch: 3 });
  await vi.advanceTimersByTimeAsync(0);
  line().answer("publish", { type: "published", connection: "main", epoch: 3, sdp: SOUND });
  await vi.advanceTimersByTimeAsync(0);
  const [main, subscriber] = FakePeer.made as [FakePeer, FakePeer];
  return { session, main, subscriber };
}
