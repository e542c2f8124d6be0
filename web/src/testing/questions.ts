/** A browser that asks before it opens a device, and a test that answers when it likes. */
import { vi } from "vitest";
import { FakeTrack } from "./peers.ts";

interface Question {
  readonly wish: MediaStreamConstraints;
  readonly grant: () => FakeTrack;
  readonly deny: (name: string) => void;
}

let questions: Question[] = [];

function ask(wish: MediaStreamConstraints): Promise<unknown> {
  return new Promise((settle, fail) => {
    const grant = () => {
      const track = new FakeTrack(wish.audio === undefined ? "video" : "audio");
      settle({ getTracks: () => [track], getVideoTracks: () => [track] });
      return track;
    };
    const deny = (name: string) => {
      fail(new DOMException("", name));
    };
    questions.push({ wish, grant, deny });
  });
}

/** Puts the asking browser in place; `vi.unstubAllGlobals` takes it away. */
export function askingBrowser(): void {
  questions = [];
  const listening = { addEventListener: () => undefined, removeEventListener: () => undefined };
  const devices = { getUserMedia: ask, getDisplayMedia: ask, enumerateDevices: () => Promise.resolve([]) };
  vi.stubGlobal("navigator", { userAgent: "Chrome", mediaDevices: { ...devices, ...listening } });
}

export function asked(): number {
  return questions.length;
}

/** What was asked first, second … */
export function question(at: number): Question {
  const found = questions[at];
  if (found === undefined) throw new Error("The browser asked nothing");
  return found;
}

/** Everything that was answered has had its effect. */
export function settled(): Promise<void> {
  return new Promise((settle) => setTimeout(settle, 0));
}
