/** The patient's page: no account, no app. The hub embeds `#patient-room` once the last four digits were proven. */
import type { EndReason } from "../room/core/index.ts";
import {
  forgetInside,
  keepInside,
  obtain,
  playTune,
  RoomSession,
  signalAddress,
  wasInside,
  type Call,
  type Inside,
} from "../room/link/index.ts";
import { callScreen } from "./call.ts";
import { checkScreen, type Checked } from "./check.ts";
import { put } from "./dom.ts";
import { keepAwake } from "./awake.ts";
import { overScreen } from "./over.ts";
import type { Page, Place, Screen } from "./parts.ts";
import "./patient.css";
import { language, remember, textOf, zh } from "./text.ts";
import { refusedScreen, waitScreen } from "./wait.ts";

function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function ring(): void {
  playTune();
  // Not there on an iPhone.
  (navigator as Partial<Navigator>).vibrate?.([400, 200, 400]);
}

class PatientPage {
  private readonly root: HTMLElement;
  private readonly place: Place;
  private page: Page;
  private name = "";
  private screen: Screen | null = null;
  private session: RoomSession | null = null;
  private letSleep: () => void = () => undefined;

  constructor(root: HTMLElement) {
    this.root = root;
    const { consult = "", phone = "", organization = "" } = root.dataset;
    this.place = { consult, phone, organization };
    this.page = { place: this.place, text: zh, onLanguage: () => undefined };
  }

  async begin(): Promise<void> {
    await this.speak(language());
    // The last word before a reload: from then on her seat is kept.
    addEventListener("pagehide", this.keep);
    const inside = wasInside(this.place.consult);
    if (inside === null) this.check();
    else await this.back(inside);
  }

  private async speak(chosen: "zh-CN" | "en"): Promise<void> {
    document.documentElement.lang = chosen;
    const text = await textOf(chosen);
    this.page = { place: this.place, text, onLanguage: () => void this.translate(chosen === "en" ? "zh-CN" : "en") };
  }

  private async translate(chosen: "zh-CN" | "en"): Promise<void> {
    remember(chosen);
    await this.speak(chosen);
    this.name = "";
    if (this.session === null) this.check();
    else this.draw(this.session.now());
  }

  private again(): void {
    this.session = null;
    this.check();
  }

  private check(): void {
    this.show("check", () =>
      checkScreen(this.page, (checked) => {
        this.join(checked);
      }),
    );
  }

  /** A reload in a call comes straight back into it; what was off stays off. */
  private async back(inside: Inside): Promise<void> {
    const microphone = inside.microphone ? (await obtain("microphone")).track : null;
    const camera = inside.camera ? (await obtain("camera")).track : null;
    this.join({ microphone, camera });
  }

  private readonly keep = () => {
    const { stage, mine } = this.session?.now() ?? {};
    if (stage?.at !== "inside" || mine === undefined) return;
    const { consult } = this.place;
    keepInside({ consult, microphone: mine.microphone.on, camera: mine.camera.on, chosen: {} });
  };

  private join({ microphone, camera }: Checked): void {
    const session = new RoomSession({
      address: `${signalAddress(this.place.consult)}?as=patient`,
      microphone,
      camera,
      newKey,
    });
    this.session = session;
    session.subscribe(() => {
      if (this.session === session) this.draw(session.now());
    });
    this.letSleep = keepAwake();
    this.draw(session.now());
    session.start();
  }

  private draw(call: Call): void {
    const session = this.session;
    if (session === null) return;
    const before = this.name;
    this.choose(call, session);
    // Her turn: a tune and a shake, for the phone may lie on the table.
    if (before === "wait" && this.name === "call") ring();
    this.screen?.update?.(call);
  }

  private choose(call: Call, session: RoomSession): void {
    const { stage } = call;
    switch (stage.at) {
      case "joining":
      case "waiting":
        this.show("wait", () =>
          waitScreen(this.page, () => {
            session.leave();
          }),
        );
        break;
      case "refused":
        forgetInside();
        this.show(`refused ${stage.code}`, () => refusedScreen(this.page, call));
        break;
      case "inside":
        this.keep();
        this.show("call", () => callScreen(this.page, session));
        break;
      case "over":
        this.end(stage.reason);
    }
  }

  private end(reason: EndReason): void {
    this.letSleep();
    forgetInside();
    this.show(`over ${reason}`, () =>
      overScreen(this.page, reason, () => {
        this.again();
      }),
    );
  }

  private show(name: string, make: () => Screen): void {
    if (this.name === name) return;
    this.name = name;
    this.screen?.close?.();
    this.screen = make();
    put(this.root, this.screen.element);
    this.root.querySelector("h1")?.focus();
    scrollTo(0, 0);
  }
}

const root = document.getElementById("patient-room");
if (root !== null) void new PatientPage(root).begin();
