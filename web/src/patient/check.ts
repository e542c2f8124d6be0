/** First the phone: voice, sound, picture, network; what fails says why and how to go on. */
import { browserOf, meter, obtain, playTune, reachHub, type Got, type Why } from "../room/link/index.ts";
import { h, put, say } from "./dom.ts";
import { box, button, sheet, type Page, type Screen } from "./parts.ts";
import type { Text } from "./text.ts";

export interface Checked {
  readonly microphone: MediaStreamTrack | null;
  readonly camera: MediaStreamTrack | null;
}

/** How to allow it differs from browser to browser. */
export function whyWords(why: Why, text: Text): string {
  const browser = browserOf();
  if (why === "ready") return "";
  if (why === "in-app") return text.why[browser === "wechat" ? "in-app-wechat" : "in-app"];
  if (why !== "denied") return text.why[why];
  if (browser === "ios") return text.why["denied-ios"];
  return text.why[browser === "android" ? "denied-android" : "denied-desk"];
}

const BARS = 10;
const HEARD_ABOVE = 0.35;

class Check implements Screen {
  readonly element: HTMLElement;
  private readonly page: Page;
  private readonly onEnter: (checked: Checked) => void;
  private readonly voice = h("div");
  private readonly picture = h("div");
  private readonly network = h("div", { role: "status" });
  private readonly enter = h("div", { class: "col go" });
  private microphone: Got | null = null;
  private camera: Got | null = null;
  private unmeter: () => void = () => undefined;
  /** Counts the questions: she may answer the browser when another one, or none, is before her. */
  private readonly turns = { microphone: 0, camera: 0 };
  private handedOver = false;
  private closed = false;

  constructor(page: Page, onEnter: (checked: Checked) => void) {
    this.page = page;
    this.onEnter = onEnter;
    const { text } = page;
    this.element = sheet(
      page,
      text.check,
      h("p", {}, text.checkText),
      this.voice,
      this.speaker(),
      this.picture,
      this.network,
      this.enter,
    );
    this.draw();
    void this.ask();
    void this.reach();
  }

  close(): void {
    this.unmeter();
    this.closed = true;
    if (this.handedOver) return;
    this.microphone?.track?.stop();
    this.camera?.track?.stop();
  }

  private async ask(): Promise<void> {
    await this.askFor("microphone");
    if (!this.closed) await this.askFor("camera");
  }

  private async askFor(kind: "microphone" | "camera"): Promise<void> {
    const turn = (this.turns[kind] += 1);
    const got = await obtain(kind);
    if (this.closed || turn !== this.turns[kind]) {
      got.track?.stop();
      return;
    }
    this[kind] = got;
    this.draw();
  }

  private draw(): void {
    this.drawVoice();
    this.drawPicture();
    this.drawEnter();
  }

  private failed(kind: "microphone" | "camera", got: Got): HTMLElement {
    const { text } = this.page;
    const title = kind === "microphone" ? text.micNo : text.cameraNo;
    const again = button(text.again, () => void this.askFor(kind), "small");
    return box(
      kind === "microphone" ? "mic-off" : "camera-off",
      "due",
      h("b", {}, title),
      h("p", {}, whyWords(got.why, text)),
      again,
    );
  }

  private drawVoice(): void {
    const { text } = this.page;
    const got = this.microphone;
    this.unmeter();
    if (got === null) put(this.voice, box("mic", "", h("b", {}, text.mic), h("p", {}, `${text.asking} …`)));
    else if (got.track === null) put(this.voice, this.failed("microphone", got));
    else {
      const words = h("p", { role: "status" }, text.micQuiet);
      const bars = h("div", { class: "bars", "aria-hidden": "true" }, ...Array.from({ length: BARS }, () => h("i")));
      put(this.voice, box("mic", "ok", h("b", {}, text.mic), words, bars));
      this.unmeter = meter(got.track, (level) => {
        [...bars.children].forEach((bar, at) => bar.classList.toggle("on", level * BARS > at));
        if (level > HEARD_ABOVE) say(words, text.micOk);
      });
    }
  }

  private drawPicture(): void {
    const { text } = this.page;
    const got = this.camera;
    if (got === null) put(this.picture, box("camera", "", h("b", {}, text.camera), h("p", {}, `${text.asking} …`)));
    else if (got.track === null) put(this.picture, this.failed("camera", got));
    else {
      const mirror = h("video", {
        class: "mirror",
        autoplay: true,
        playsinline: true,
        muted: true,
        "aria-label": text.me,
      });
      mirror.muted = true;
      mirror.srcObject = new MediaStream([got.track]);
      put(this.picture, box("camera", "ok", h("b", {}, text.cameraOk), mirror));
    }
  }

  private speaker(): HTMLElement {
    const { text } = this.page;
    const words = h("span", {}, text.speakerText);
    const play = () => {
      if (playTune()) say(words, text.speakerPlayed);
    };
    const face = h("button", { type: "button", class: "plain", onclick: play }, words);
    return box("speaker", "", h("b", {}, text.speaker), face);
  }

  private async reach(): Promise<void> {
    const { text } = this.page;
    put(this.network, box("line", "", h("b", {}, text.network), h("p", {}, text.networkWait)));
    const { at } = await reachHub();
    const words = { good: text.networkGood, slow: text.networkSlow, unreachable: text.networkNo }[at];
    const again = at === "unreachable" ? button(text.again, () => void this.reach(), "small") : null;
    put(
      this.network,
      box("line", at === "unreachable" ? "due" : "ok", h("b", {}, text.network), h("p", {}, words), again),
    );
  }

  private drawEnter(): void {
    const { text } = this.page;
    const enter = () => {
      this.handedOver = true;
      this.onEnter({ microphone: this.microphone?.track ?? null, camera: this.camera?.track ?? null });
    };
    const blind = () => {
      this.camera?.track?.stop();
      this.camera = null;
      enter();
    };
    const [voice, picture] = [this.microphone?.track ?? null, this.camera?.track ?? null];
    if (voice === null && this.microphone !== null) put(this.enter, button(text.enterListen, enter, "first"));
    else if (picture === null) put(this.enter, button(text.enterNoCamera, enter, "first"));
    else put(this.enter, button(text.enter, enter, "first"), button(text.enterNoCamera, blind));
  }
}

export function checkScreen(page: Page, onEnter: (checked: Checked) => void): Screen {
  return new Check(page, onEnter);
}
