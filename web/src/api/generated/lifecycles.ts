/**
 * Life cycles as data, mirrored from the hub's golden tables. Screens read these and restate no transition.
 * Written by hand until the hub exports its tables.
 */
import type { OrderState } from "./schema.d.ts";

/** The way of a reading order that goes well, in the order in which a township sees it. */
export const READING_ORDER_PATH = [
  "receiving",
  "ready",
  "claimed",
  "awaiting-verification",
  "final",
] as const satisfies readonly OrderState[];
