/** In the call: the doctor large, three big buttons, and in words whatever a person should know now. */
import { observersOf, roomOf, seatOf, type Room } from "../room/core/index.ts";
import type { Call, RoomSession, Why } from "../room/link/index.ts";
import { chatPanel } from "./chat.ts";
import { whyWords } from "./check.ts";
import { consentDialog } from "./consent.ts";
import { h, icon, put, say, type IconName } from "./dom.ts";
import { Faces, lineWords, nameOf } from "./faces.ts";
import { button, type Page, type Screen } from "./parts.ts";
import { fill, type Text } from "./text.ts";
import { Voices } from "./voices.ts";

/** A round button with its word beneath. */
interface Round {
  readonly element: HTMLButtonElement;
  readonly draw: (face: IconName, words: string, off?: boolean) => void;
}

function round(look: string, onPress: () => void): Round {
  const [disc, words] = [h("span", { class: "disc" }), h("span")];
  const element = h("button", { type: "button", class: `round ${look}`, onclick: onPress }, disc, words);
  let drawn = "";
  return {
    element,
    draw: (face, text, off = false) => {
      element.classList.toggle("off", off);
      say(words, text);
      if (drawn !== face) put(disc, icon(face));
      drawn = face;
    },
  };
}

/** Her voice comes first; what she switched off herself needs no words. */
function failedDevice({ microphone, camera }: Call["mine"]): Why {
  return microphone.on || microphone.why === "ready" ? (camera.on ? "ready" : camera.why) : microphone.why;
}

/** One sentence over the picture: the most urgent thing, else nothing. */
function bandWords(call: Call, text: Text, now: number): string {
  const seconds = (since: number) => Math.max(1, Math.round((now - since) / 1000));
  if (call.line.at === "down") return fill(text.restoring, { n: seconds(call.line.since) });
  if (call.media.at === "blocked") return text.blocked;
  if (call.media.at === "restoring") return fill(text.restoring, { n: seconds(call.media.since) });
  if (call.muted === null) return whyWords(failedDevice(call.mine), text);
  return fill(call.muted.kind === "microphone" ? text.muted : text.mutedCamera, { name: call.muted.by });
}

class InCall implements Screen {
  readonly element: HTMLElement;
  private readonly page: Page;
  private readonly session: RoomSession;
  private readonly faces: Faces;
  private readonly voices: Voices;
  private readonly name = h("b");
  private readonly quality = h("span", { role: "status" });
  private readonly band = h("p", { class: "band", role: "status" });
  private readonly recording = h("div", { class: "recording" });
  private readonly looking = h("div", { class: "looking", role: "status" });
  private readonly hear: HTMLElement;
  private readonly chat;
  private readonly consent;
  private readonly rounds;
  private readonly timer: ReturnType<typeof setInterval>;
  private read = 0;

  constructor(page: Page, session: RoomSession) {
    this.page = page;
    this.session = session;
    const { text } = page;
    this.hear = button(
      text.hear,
      () => {
        this.hear.hidden = true;
        this.voices.play();
      },
      "first hear",
      "speaker",
    );
    this.hear.hidden = true;
    this.faces = new Faces(text);
    this.voices = new Voices(() => {
      this.hear.hidden = false;
    });
    this.chat = chatPanel(
      page,
      (words) => void session.say(words),
      () => {
        this.draw();
        this.rounds.chat.element.focus();
      },
    );
    this.consent = consentDialog(text, (agrees) => session.command({ type: "consent", recording: agrees }));
    this.rounds = this.makeRounds();
    this.element = this.layOut();
    this.timer = setInterval(() => {
      this.draw();
    }, 1_000);
  }

  close(): void {
    clearInterval(this.timer);
  }

  update(): void {
    this.draw();
  }

  private makeRounds() {
    const session = this.session;
    return {
      mic: round("", () => {
        session.seen();
        void session.turn("microphone", !session.now().mine.microphone.on);
      }),
      camera: round("", () => {
        session.seen();
        void session.turn("camera", !session.now().mine.camera.on);
      }),
      leave: round("end", () => {
        session.leave();
      }),
      sound: round("less", () => void session.onlySound(!session.now().audioOnly)),
      chat: round("less", () => {
        this.chat.open();
        this.draw();
      }),
    };
  }

  private layOut(): HTMLElement {
    const { place, text } = this.page;
    const { mic, camera, leave, sound, chat } = this.rounds;
    const number = place.phone.replace(/[^\d+]/g, "");
    const phone = h(
      "a",
      { class: "round less", href: `tel:${number}` },
      h("span", { class: "disc" }, icon("phone")),
      text.call,
    );
    return h(
      "div",
      { class: "call" },
      this.faces.large,
      h("h1", { class: "head", tabindex: "-1" }, this.name, this.quality),
      this.recording,
      this.looking,
      this.faces.strip,
      this.voices.element,
      h("div", { class: "over" }, this.hear, this.band),
      h(
        "div",
        { class: "bar" },
        h("div", { class: "rounds" }, mic.element, camera.element, leave.element),
        h("div", { class: "rounds" }, sound.element, chat.element, number === "" ? null : phone),
      ),
      this.chat.element,
      this.consent.element,
    );
  }

  private draw(): void {
    const call = this.session.now();
    const room = roomOf(call);
    if (room === null) return;
    const { text } = this.page;
    this.voices.update(call, room);
    const lead = this.faces.update(call, room, this.session);
    say(this.name, lead === null ? "" : nameOf(lead, text));
    say(this.quality, lineWords(call, lead, text));
    const words = bandWords(call, text, performance.now());
    say(this.band, words);
    this.band.hidden = words === "";
    this.drawRecording(room);
    this.drawClass(room);
    this.chat.update(call);
    this.drawRounds(call);
  }

  private drawRecording(room: Room): void {
    const { text } = this.page;
    const me = seatOf(room, room.me);
    this.consent.show(this.session.now().line.at === "up" && room.recording === "asking" && me?.consent === null);
    const on = room.recording === "on";
    if (on === this.recording.childElementCount > 0) return;
    const stop = () => {
      this.session.command({ type: "consent", recording: false }).catch(() => undefined);
    };
    if (on) put(this.recording, h("span", {}, text.recording), button(text.stop, stop, "small"));
    else put(this.recording);
  }

  /** How many look on, all the while; she ends it by one press. */
  private drawClass(room: Room): void {
    const { text } = this.page;
    const count = observersOf(room).length;
    const words = room.teaching || count > 0 ? fill(text.looking, { n: count }) : "";
    if (words === (this.looking.firstChild?.textContent ?? "")) return;
    const end = () => {
      this.session.command({ type: "close-class" }).catch(() => undefined);
    };
    if (words === "") put(this.looking);
    else put(this.looking, h("span", {}, words), room.teaching ? button(text.endClass, end, "small") : null);
  }

  private drawRounds(call: Call): void {
    const { text } = this.page;
    const { mic, camera, leave, sound, chat } = this.rounds;
    const { mine, audioOnly, chats } = call;
    const [voice, picture] = [mine.microphone.on, mine.camera.on];
    mic.draw(voice ? "mic" : "mic-off", voice ? text.mute : text.unmute, !voice);
    camera.draw(picture ? "camera" : "camera-off", picture ? text.cameraOff : text.cameraOn, !picture);
    leave.draw("leave", text.leave);
    sound.draw("sound", audioOnly ? text.withPicture : text.onlySound, audioOnly);
    if (this.chat.isOpen()) this.read = chats.length;
    const fresh = chats.slice(this.read).filter(({ seat }) => seat !== call.me).length;
    chat.draw("chat", fresh > 0 ? fill(text.chatNew, { n: fresh }) : text.chat, fresh > 0);
  }
}

export function callScreen(page: Page, session: RoomSession): Screen {
  return new InCall(page, session);
}
