/** What a browser and the hub say to each other about a room: one JSON object a frame, told apart by `type`. */

export type Source = "microphone" | "camera" | "screen";
export type Connection = "main" | "screen";
export type SeatRole = "host" | "expert" | "sender" | "patient" | "observer";
export type Recording = "off" | "asking" | "on";

/** One person's place in the room. */
export interface Seat {
  readonly id: string;
  readonly user_id: string | null;
  readonly name: string;
  readonly role: SeatRole;
  readonly title: string;
  readonly organization: string;
  readonly status: "waiting" | "inside" | "away";
  /** What she sends now. */
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
  /** What the host switched off, until she herself switches it on again. */
  readonly silenced: readonly Source[];
  readonly hand: boolean;
  /** To recording: asked and not answered is null. */
  readonly consent: boolean | null;
  readonly since: string;
}

/** What all look at together: data, never pixels. Whoever receives it opens it with her own rights. */
export interface SharedView {
  readonly kind: "study" | "ecg" | "report";
  readonly study_uid?: string;
  readonly series_uid?: string;
  readonly instance_uid?: string;
  readonly frame?: number;
  readonly window?: { readonly center: number; readonly width: number } | null;
  readonly zoom?: number;
  readonly pan?: { readonly x: number; readonly y: number } | null;
  readonly invert?: boolean;
  readonly report_id?: string;
  /** Somebody has looked: no name stands in the picture. */
  readonly checked?: boolean;
  readonly seq: number;
}

export type RoomCommand =
  "admit" | "mute" | "remove" | "lock" | "hand-over" | "record" | "end" | "view" | "chat" | "close-class";

export interface RoomPatient {
  readonly name: string;
  readonly sex: string;
  readonly age: number | null;
}

export interface Room {
  readonly consult_id: string;
  readonly number: string;
  readonly version: number;
  readonly state: string;
  readonly me: string;
  readonly host: string | null;
  readonly locked: boolean;
  /** Open to a class. */
  readonly teaching: boolean;
  readonly patient: RoomPatient | null;
  readonly begins_at: string | null;
  readonly recording: Recording;
  readonly view: SharedView | null;
  readonly seats: readonly Seat[];
  readonly may: readonly RoomCommand[];
}

export interface Lobby {
  readonly number: string;
  readonly organization: string;
  readonly experts: readonly { readonly name: string; readonly title: string; readonly organization: string }[];
  readonly begins_at: string | null;
  readonly host_here: boolean;
  readonly state: string;
  readonly phone: string;
}

export interface Message {
  readonly key: string;
  readonly id: string;
  readonly seat: string;
  readonly name: string;
  readonly role: SeatRole;
  readonly text: string;
  readonly at: string;
}

export interface SeatQuality {
  readonly rtt_ms: number | null;
  readonly loss: number | null;
  readonly kbit: number | null;
  readonly level: "good" | "fair" | "poor";
}

export interface IceServer {
  readonly urls: string | readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** Which of our transports: the two that publish, the one that receives. */
export type Leg = Connection | "subscribe";
export type EndReason =
  "ended" | "removed" | "replaced" | "cancelled" | "closed" | "arranging" | "link-over" | "class-over" | "left";
export type PauseCause = "line" | "limit" | "source";

export interface OfferedTrack {
  readonly mid: string;
  readonly seat: string;
  readonly source: Source;
}

export interface Offer {
  readonly type: "offer";
  readonly epoch: number;
  readonly version: number;
  readonly sdp: string;
  readonly tracks: readonly OfferedTrack[];
}

/** What the hub says by itself. */
export type Notice =
  | { readonly type: "lobby"; readonly lobby: Lobby }
  | { readonly type: "room"; readonly room: Room }
  | { readonly type: "media"; readonly epoch: number }
  | Offer
  | {
      readonly type: "paused" | "resumed";
      readonly seat: string;
      readonly source: Source;
      readonly cause: PauseCause;
    }
  | { readonly type: "gone"; readonly connection: Leg }
  | { readonly type: "quality"; readonly seats: Readonly<Record<string, SeatQuality>> }
  | { readonly type: "chats"; readonly messages: readonly Message[] }
  | { readonly type: "chat"; readonly message: Message }
  | { readonly type: "view"; readonly view: SharedView | null; readonly by: string }
  | { readonly type: "point"; readonly seat: string; readonly x: number | null; readonly y: number | null }
  | { readonly type: "muted"; readonly kind: "microphone" | "camera"; readonly by: string }
  | { readonly type: "ended"; readonly reason: EndReason };

export interface Welcome {
  readonly type: "welcome";
  readonly seat: string;
  readonly ice_servers: readonly IceServer[];
  readonly now: string;
}

/** What answers a frame that carried an `id`. */
export type Answer =
  | Welcome
  | { readonly type: "probed"; readonly sdp: string; readonly ice_servers: readonly IceServer[] }
  | { readonly type: "published"; readonly connection: Connection; readonly epoch: number; readonly sdp: string }
  | { readonly type: "ok"; readonly message?: Message }
  | { readonly type: "pong"; readonly now: string }
  | { readonly type: "error"; readonly code: string; readonly detail: string; readonly begins_at?: string };

/** What a tile wants to be sent: sound is never listed, it always comes. */
export interface Wanted {
  readonly limit: "none" | "low" | "all";
  readonly priority: number;
}

/** What we say, and wait for an answer to. */
export type Request =
  | { readonly type: "join" }
  | { readonly type: "probe"; readonly sdp?: string }
  | {
      readonly type: "publish";
      readonly connection: Connection;
      readonly epoch: number;
      readonly sdp: string;
      readonly sources: Readonly<Record<string, Source>>;
    }
  | { readonly type: "unpublish"; readonly connection: "screen" }
  | { readonly type: "subscribe" | "restart"; readonly epoch: number }
  | { readonly type: "answer"; readonly epoch: number; readonly version: number; readonly sdp: string }
  | { readonly type: "want"; readonly tracks: Readonly<Record<string, Wanted>> }
  | { readonly type: "devices"; readonly microphone: boolean; readonly camera: boolean; readonly screen: boolean }
  | { readonly type: "hand"; readonly up: boolean }
  | { readonly type: "chat"; readonly key: string; readonly text: string }
  | { readonly type: "view"; readonly view: SharedView | null }
  | { readonly type: "admit" | "remove" | "hand-over"; readonly seat: string }
  | { readonly type: "mute"; readonly seat: string; readonly kind: "microphone" | "camera" }
  | { readonly type: "lock" | "record"; readonly on: boolean }
  | { readonly type: "consent"; readonly recording: boolean }
  | { readonly type: "end" }
  | { readonly type: "close-class" }
  | { readonly type: "ping" };

export interface Stats {
  readonly type: "stats";
  readonly rtt_ms: number | null;
  readonly loss: number | null;
  readonly up_kbit: number;
  readonly down_kbit: number;
  readonly freezes: number;
  readonly audio_only: boolean;
}

/** What we only tell. */
export type Told =
  Stats | { readonly type: "leave" } | { readonly type: "point"; readonly x: number | null; readonly y: number | null };
