/**
 * Life cycles as data, mirrored from the hub's golden tables. Screens read these and restate no transition.
 * The happy paths, written by hand: a table says what may follow, not what is hoped for (`starts.ts` is made from it).
 */
import type { OrderState, TicketState } from "./schema.d.ts";

/** The way of a reading order that goes well, in the order in which a township sees it. */
export const READING_ORDER_PATH = [
  "receiving",
  "ready",
  "claimed",
  "awaiting-verification",
  "final",
] as const satisfies readonly OrderState[];

/** The way of an upward ticket that goes well, and of one that brings a patient home, as people follow them. */
export const UPWARD_PATH = [
  "sent",
  "received",
  "accepted",
  "bed-held",
  "en-route",
  "arrived",
  "admitted",
  "discharged",
  "outcome-sent",
  "closed",
] as const satisfies readonly TicketState[];
export const DOWNWARD_PATH = [
  "handed-over",
  "taken-over",
  "first-visit-done",
  "closed",
] as const satisfies readonly TicketState[];
