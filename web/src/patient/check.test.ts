/** The patient's phone before and in the call: what she did not take with her is off, and what fails is said. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeTrack, line, welcome, withoutNetwork } from "../testing/peers.ts";
import { askingBrowser, question, settled } from "../testing/questions.ts";
import { aRoom, PATIENT, ZHAO } from "../testing/room.ts";
import { RoomSession } from "../room/link/index.ts";
import { callScreen } from "./call.ts";
import { checkScreen, type Checked } from "./check.ts";
import { zh } from "./text.ts";

const PAGE = {
  place: { consult: "c-1", phone: "8888 0120", organization: "云岭县人民医院" },
  text: zh,
  onLanguage: () => undefined,
};

beforeEach(() => {
  withoutNetwork();
  askingBrowser();
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("{}")));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

async function granted(at: number): Promise<FakeTrack> {
  const track = question(at).grant();
  await settled();
  return track;
}

function press(element: HTMLElement, words: string): void {
  const found = [...element.querySelectorAll("button")].find(({ textContent }) => textContent === words);
  if (found === undefined) throw new Error(`no button ${words}`);
  found.click();
}

test("closed before it was used, as by the other language, it lets go of everything, late ones too", async () => {
  const screen = checkScreen(PAGE, () => undefined);
  const microphone = await granted(0);
  screen.close?.();
  const late = await granted(1);
  expect([microphone.readyState, late.readyState]).toEqual(["ended", "ended"]);
});

test("what she takes into the call stays on; a camera that she leaves does not", async () => {
  let taken: Checked | null = null;
  const screen = checkScreen(PAGE, (checked) => (taken = checked));
  const [microphone, camera] = [await granted(0), await granted(1)];
  press(screen.element, zh.enterNoCamera);
  screen.close?.();
  expect(taken).toEqual({ microphone, camera: null });
  expect([microphone.readyState, camera.readyState]).toEqual(["live", "ended"]);
});

async function inCall(recording: "off" | "asking" = "off") {
  const session = new RoomSession({ address: "ws://hub/signal", microphone: null, camera: null, newKey: () => "k" });
  session.start();
  line().open();
  welcome(line(), PATIENT.id);
  await settled();
  line().say({ type: "room", room: aRoom({ me: PATIENT.id, seats: [ZHAO, PATIENT], may: ["chat"], recording }) });
  const screen = callScreen(PAGE, session);
  session.subscribe(() => screen.update?.(session.now()));
  screen.update?.(session.now());
  const over = () => {
    screen.close?.();
    session.close();
  };
  return { session, element: screen.element, over };
}

test("a microphone that does not open in the call is said, in words", async () => {
  const { session, element, over } = await inCall();
  const turning = session.turn("microphone", true);
  question(0).deny("NotReadableError");
  await turning;
  expect(element.querySelector(".band")?.textContent).toBe(zh.why.busy);
  over();
});

test("an answer about recording that did not reach the hub is asked for again", async () => {
  const { element, over } = await inCall("asking");
  const dialog = element.querySelector<HTMLElement>("[role=alertdialog]");
  expect(dialog?.hidden).toBe(false);
  press(element, zh.yes);
  expect(dialog?.hidden).toBe(true);
  const before = line();
  before.drop();
  await settled();
  expect(dialog?.hidden).toBe(true);
  await vi.waitFor(() => {
    expect(line()).not.toBe(before);
  });
  line().open();
  welcome(line(), PATIENT.id);
  await settled();
  line().say({
    type: "room",
    room: aRoom({ me: PATIENT.id, seats: [ZHAO, PATIENT], may: ["chat"], recording: "asking" }),
  });
  expect(dialog?.hidden).toBe(false);
  over();
});
