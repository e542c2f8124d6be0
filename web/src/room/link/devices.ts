/** Microphone and camera, and in plain words' codes why one of them cannot be had. */

export type Why = "ready" | "insecure" | "in-app" | "denied" | "busy" | "missing" | "old-browser" | "failed";

/** Chosen by the person; empty is the browser's own choice. */
export interface Chosen {
  readonly microphone?: string;
  readonly camera?: string;
}

export interface Got {
  readonly track: MediaStreamTrack | null;
  readonly why: Why;
}

/** A face is told from 640 × 480; more only fills thin lines. */
const PICTURE = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 24, max: 30 },
  facingMode: "user",
};
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

const BY_NAME: Readonly<Record<string, Why>> = {
  NotAllowedError: "denied",
  PermissionDeniedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  DevicesNotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  TrackStartError: "busy",
  AbortError: "busy",
};

/** Browsers inside other apps keep permissions to themselves: WeChat, QQ, Weibo, DingTalk, Alipay. */
const IN_APP = /MicroMessenger|QQ\/|Weibo|DingTalk|AlipayClient/i;

export function inApp(agent: string = navigator.userAgent): boolean {
  return IN_APP.test(agent);
}

export function inWeChat(agent: string = navigator.userAgent): boolean {
  return /MicroMessenger/i.test(agent);
}

/** What stands in the way before the person was asked at all. */
function obstacle(): Why | null {
  // Not there over plain http, in old browsers and in some apps' own.
  const media = (navigator as { readonly mediaDevices?: MediaDevices }).mediaDevices;
  if (media?.getUserMedia !== undefined) return null;
  if (!globalThis.isSecureContext) return "insecure";
  return inApp() ? "in-app" : "old-browser";
}

export function whyOf(failure: unknown): Why {
  const why = BY_NAME[failure instanceof Error || failure instanceof DOMException ? failure.name : ""] ?? "failed";
  return why === "denied" && inApp() ? "in-app" : why;
}

/** Two settings of one wish: the chosen device exactly, else whatever there is. */
function wish(kind: "microphone" | "camera", { microphone, camera }: Chosen): MediaStreamConstraints {
  if (kind === "microphone") return { audio: microphone ? { ...SOUND, deviceId: { exact: microphone } } : SOUND };
  const { facingMode, ...size } = PICTURE;
  return { video: camera ? { ...size, deviceId: { exact: camera } } : { ...size, facingMode } };
}

async function ask(constraints: MediaStreamConstraints): Promise<Got> {
  try {
    const [track = null] = (await navigator.mediaDevices.getUserMedia(constraints)).getTracks();
    return { track, why: track === null ? "missing" : "ready" };
  } catch (failure) {
    return { track: null, why: whyOf(failure) };
  }
}

/** Asks for one device, so that a missing camera does not take the microphone with it. */
export async function obtain(kind: "microphone" | "camera", chosen: Chosen = {}): Promise<Got> {
  const why = obstacle();
  if (why !== null) return { track: null, why };
  const got = await ask(wish(kind, chosen));
  // The device chosen last time may be unplugged by now.
  return got.why === "missing" && chosen[kind] ? ask(wish(kind, {})) : got;
}

/** A shared screen; null when the person thought better of it. */
export async function obtainScreen(): Promise<MediaStreamTrack | null> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 8, max: 15 } } });
    const [track = null] = stream.getVideoTracks();
    // Text matters more than motion.
    if (track !== null) track.contentHint = "detail";
    return track;
  } catch {
    return null;
  }
}

export function canShareScreen(): boolean {
  return typeof (navigator as { mediaDevices?: Partial<MediaDevices> }).mediaDevices?.getDisplayMedia === "function";
}

/** Where to change a denied permission differs. */
export type Browser = "wechat" | "in-app" | "ios" | "android" | "desk";

export function browserOf(agent: string = navigator.userAgent): Browser {
  if (inWeChat(agent)) return "wechat";
  if (inApp(agent)) return "in-app";
  if (/iPhone|iPad/i.test(agent)) return "ios";
  return /Android/i.test(agent) ? "android" : "desk";
}
