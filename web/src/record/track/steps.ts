/** The way of a study as the township sees it, in six steps: who had it and when, who has it now, what comes. Pure. */
import type { TFunction } from "i18next";
import type { Order, OrderEvent, OrderState } from "../../api/types.ts";
import type { TrackerStep } from "../../ui/Tracker.tsx";

const KEYS = ["sent", "received", "claimed", "reading", "verified", "back"] as const;
type StepKey = (typeof KEYS)[number];

/** Which step is the current one in each state. */
const CURRENT: Readonly<Record<OrderState, StepKey>> = {
  receiving: "received",
  quarantined: "received",
  unrouted: "received",
  ready: "claimed",
  claimed: "reading",
  returned: "reading",
  "awaiting-verification": "verified",
  final: "back",
  amending: "verified",
  "cancel-requested": "reading",
  cancelled: "received",
};

/** The last time the order entered a state. */
function enteredAt(events: readonly OrderEvent[], state: OrderState): string | undefined {
  return events.findLast((event) => event.name.startsWith("reading-order") && event.state === state)?.at;
}

function timeOf(key: StepKey, order: Order, events: readonly OrderEvent[]): string | undefined {
  const times: Readonly<Record<StepKey, string | null | undefined>> = {
    sent: order.received_at ?? (order.instances > 0 ? order.created_at : null),
    received: order.complete_at,
    claimed: enteredAt(events, "claimed"),
    reading: enteredAt(events, "awaiting-verification"),
    verified: order.final_at ?? enteredAt(events, "final"),
    back: null,
  };
  return times[key] ?? undefined;
}

export function imagesOf({ instances, expected_instances }: Order): string {
  return expected_instances === null ? String(instances) : `${String(instances)}/${String(expected_instances)}`;
}

function receivedWords(order: Order, t: TFunction): string {
  if (order.state === "quarantined") return t("record.step.quarantined");
  if (order.state === "unrouted") return t("record.step.unrouted");
  if (order.state === "cancelled") return t("ui.order.cancelled");
  if (order.state === "receiving") return t("record.step.arriving", { images: imagesOf(order) });
  return t("record.step.images", { images: imagesOf(order) });
}

function readerOf(order: Order): string | undefined {
  return order.claimed_by?.name ?? order.reader?.name;
}

function readingWords(order: Order, t: TFunction): string | undefined {
  if (order.state === "returned") return t("record.step.paused");
  const reader = readerOf(order);
  if (reader === undefined || order.state !== "claimed") return reader;
  return t("record.step.looking", { name: reader });
}

type Words = (order: Order, t: TFunction) => string | undefined;

const WORDS: Readonly<Record<StepKey, Words>> = {
  sent: (order, t) => (order.instances === 0 ? t("record.step.noImages") : order.organization.name),
  received: receivedWords,
  claimed: (order) => (order.state === "ready" ? undefined : readerOf(order)) ?? order.centre?.name,
  reading: readingWords,
  verified: ({ state }, t) => (state === "amending" ? t("record.step.amending") : undefined),
  back: ({ state }, t) => t(state === "final" ? "record.step.arrivedBack" : "record.step.everywhere"),
};

function labelOf(key: StepKey, order: Order, t: TFunction): string {
  if (key === "claimed" && order.state === "ready") return t("record.step.waiting");
  if (key === "sent" && order.instances === 0) return t("record.step.toSend");
  if (key === "reading" && order.state === "returned") return t("ui.order.returned");
  return t(`record.step.${key}`);
}

function positionOf(key: StepKey, order: Order): TrackerStep["at"] {
  const current = order.instances === 0 && order.state === "receiving" ? "sent" : CURRENT[order.state];
  const at = KEYS.indexOf(key) - KEYS.indexOf(current);
  if (at > 0) return "ahead";
  if (at < 0 || order.state === "final") return "done";
  return order.state === "returned" || order.state === "quarantined" ? "returned" : "now";
}

export function stepsOf(order: Order, t: TFunction, events: readonly OrderEvent[] = []): readonly TrackerStep[] {
  return KEYS.map((key) => {
    const at = positionOf(key, order);
    const time = at === "ahead" ? undefined : timeOf(key, order, events);
    const who = WORDS[key](order, t);
    return {
      key,
      label: labelOf(key, order, t),
      at,
      ...(time === undefined ? {} : { time }),
      ...(who === undefined ? {} : { who }),
    };
  });
}

/** The current step in one line, for cards. */
export function nowOf(order: Order, t: TFunction): string {
  const step = stepsOf(order, t).find(({ at }) => at === "now" || at === "returned");
  if (step === undefined) return t(`ui.order.${order.state}`);
  return typeof step.who === "string" ? `${step.label} · ${step.who}` : step.label;
}
