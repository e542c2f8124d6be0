/** Events and conversation in one stream, oldest first. Pure. */
import { instant } from "../../api/clock.ts";
import type { Message, ReferralEvent } from "../../api/types.ts";

export type Happening =
  | { readonly kind: "event"; readonly key: string; readonly at: string; readonly event: ReferralEvent }
  | { readonly kind: "message"; readonly key: string; readonly at: string; readonly message: Message };

/** What the system does in the sender's own transaction bears her name; she does not accept her own ticket. */
const SYSTEMS = ["accepted", "bed-held", "bay-kept"];
/** The rule speaks, in the transaction of whoever gave it the occasion. */
const RULES = ["pre-emption-proposed", "bed-offered"];

export function isSystems(event: ReferralEvent, events: readonly ReferralEvent[]): boolean {
  if (event.actor === null || RULES.includes(event.name)) return true;
  const sender = events.find(({ name }) => name === "sent")?.actor?.id;
  return SYSTEMS.includes(event.name) && event.actor.id === sender;
}

/** The hub tells of each message by an event too; the message itself says more. */
export function timelineOf(events: readonly ReferralEvent[], messages: readonly Message[]): readonly Happening[] {
  const happened = events
    .filter(({ name }) => name !== "message")
    .map((event, at): Happening => ({ kind: "event", key: `${event.at} ${String(at)}`, at: event.at, event }));
  const said = messages.map((message): Happening => ({ kind: "message", key: message.id, at: message.at, message }));
  return [...happened, ...said].toSorted((a, b) => instant(a.at) - instant(b.at));
}

/** A question and its answer stand in the conversation in full. */
const SAID = ["asked", "answered"];

/** Why somebody did it, in her words; "" where nothing was written, or where the conversation says it. */
export function whyOf({ name, data }: ReferralEvent): string {
  return typeof data["reason"] === "string" && !SAID.includes(name) ? data["reason"] : "";
}
