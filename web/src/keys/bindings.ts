/** Every key of the app, once: handlers, help, tooltips and tests read this table. Scopes on one screen never overlap. */

export type Scope = "everywhere" | "desk" | "worklist" | "report" | "viewer" | "referral" | "beds" | "room" | "player";

export interface Binding {
  readonly scope: Scope;
  /** `Ctrl+Enter`, `J`, or two in a row: `G W`. */
  readonly keys: string;
  readonly command: string;
  /** Below `keys.` in the catalogue. */
  readonly text: TextKey;
}

type TextKey =
  | "search"
  | "help"
  | "close"
  | "goWorklist"
  | "goHome"
  | "goResults"
  | "goTrack"
  | "goReferrals"
  | "goBeds"
  | "send"
  | "refer"
  | "submit"
  | "down"
  | "up"
  | "claim"
  | "showNew"
  | "return"
  | "critical"
  | "message"
  | "sign"
  | "save"
  | "preliminary"
  | "preset"
  | "length"
  | "nextSeries"
  | "nextBlank"
  | "open"
  | "accept"
  | "holdBed"
  | "putDown"
  | "microphone"
  | "camera"
  | "hand"
  | "point"
  | "talk"
  | "play"
  | "back"
  | "forward";

export const BINDINGS = [
  { scope: "everywhere", keys: "/", command: "search", text: "search" },
  { scope: "everywhere", keys: "?", command: "help", text: "help" },
  { scope: "everywhere", keys: "G W", command: "goWorklist", text: "goWorklist" },
  { scope: "everywhere", keys: "G D", command: "goHome", text: "goHome" },
  { scope: "everywhere", keys: "G E", command: "goResults", text: "goResults" },
  { scope: "everywhere", keys: "G T", command: "goTrack", text: "goTrack" },
  { scope: "everywhere", keys: "G R", command: "goReferrals", text: "goReferrals" },
  { scope: "everywhere", keys: "G B", command: "goBeds", text: "goBeds" },
  { scope: "desk", keys: "N", command: "send", text: "send" },
  { scope: "desk", keys: "R", command: "refer", text: "refer" },
  { scope: "desk", keys: "Ctrl+Enter", command: "submit", text: "submit" },
  { scope: "worklist", keys: "J", command: "down", text: "down" },
  { scope: "worklist", keys: "K", command: "up", text: "up" },
  { scope: "worklist", keys: "Enter", command: "claim", text: "claim" },
  { scope: "worklist", keys: ".", command: "showNew", text: "showNew" },
  { scope: "worklist", keys: "R", command: "return", text: "return" },
  { scope: "worklist", keys: "C", command: "critical", text: "critical" },
  { scope: "worklist", keys: "M", command: "message", text: "message" },
  { scope: "report", keys: "Ctrl+Enter", command: "sign", text: "sign" },
  { scope: "report", keys: "Ctrl+S", command: "save", text: "save" },
  { scope: "report", keys: "P", command: "preliminary", text: "preliminary" },
  { scope: "report", keys: "R", command: "return", text: "return" },
  { scope: "report", keys: "C", command: "critical", text: "critical" },
  { scope: "report", keys: "Alt+N", command: "nextBlank", text: "nextBlank" },
  { scope: "viewer", keys: "1", command: "preset1", text: "preset" },
  { scope: "viewer", keys: "2", command: "preset2", text: "preset" },
  { scope: "viewer", keys: "3", command: "preset3", text: "preset" },
  { scope: "viewer", keys: "4", command: "preset4", text: "preset" },
  { scope: "viewer", keys: "L", command: "length", text: "length" },
  { scope: "viewer", keys: "Space", command: "nextSeries", text: "nextSeries" },
  { scope: "referral", keys: "J", command: "down", text: "down" },
  { scope: "referral", keys: "K", command: "up", text: "up" },
  { scope: "referral", keys: "Enter", command: "open", text: "open" },
  { scope: "referral", keys: ".", command: "showNew", text: "showNew" },
  { scope: "referral", keys: "A", command: "accept", text: "accept" },
  { scope: "referral", keys: "H", command: "holdBed", text: "holdBed" },
  { scope: "referral", keys: "M", command: "message", text: "message" },
  { scope: "beds", keys: "H", command: "lift", text: "holdBed" },
  { scope: "beds", keys: "Escape", command: "putDown", text: "putDown" },
  { scope: "room", keys: "M", command: "microphone", text: "microphone" },
  { scope: "room", keys: "V", command: "camera", text: "camera" },
  { scope: "room", keys: "H", command: "hand", text: "hand" },
  { scope: "room", keys: "P", command: "point", text: "point" },
  { scope: "room", keys: "T", command: "talk", text: "talk" },
  { scope: "player", keys: "Space", command: "play", text: "play" },
  { scope: "player", keys: "ArrowLeft", command: "back", text: "back" },
  { scope: "player", keys: "ArrowRight", command: "forward", text: "forward" },
] as const satisfies readonly Binding[];

export type CommandName<S extends Scope> = Extract<(typeof BINDINGS)[number], { scope: S }>["command"];

/** Scopes that can be listening at the same time. */
export const TOGETHER: readonly (readonly Scope[])[] = [
  ["everywhere", "desk"],
  ["everywhere", "worklist"],
  ["everywhere", "report", "viewer"],
  ["everywhere", "referral"],
  ["everywhere", "beds"],
  ["everywhere", "room", "viewer"],
  ["everywhere", "player"],
];

/** The keys of a command, for a tooltip or a `<Kbd>`. */
export function keysOf<S extends Scope>(scope: S, command: CommandName<S>): string {
  return BINDINGS.find((binding) => binding.scope === scope && binding.command === command)?.keys ?? "";
}

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** A key press in the table's writing. */
export function nameOf({ key, ctrlKey, metaKey, altKey }: Pressed): string {
  const bare = key === " " ? "Space" : key.length === 1 ? key.toUpperCase() : key;
  return `${ctrlKey || metaKey ? "Ctrl+" : ""}${altKey ? "Alt+" : ""}${bare}`;
}

/** One printed character without a modifier: such keys are off while somebody writes, and can be switched off. */
export function isSingle(keys: string): boolean {
  return keys.split(" ").every((key) => key.length === 1 || key === "Space");
}
