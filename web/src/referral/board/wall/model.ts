/** What the wall shows of a ticket: never who it is about. Pure. */
import { instant, type Instant } from "../../../api/clock.ts";
import type { Referral, ReferralState, Ward } from "../../../api/types.ts";
import { isRinging, levelOf } from "../../model/stage.ts";

export type WallStep = "answer" | "ask" | "bed" | "held" | "moving" | "arrived";

const STEPS: Readonly<Partial<Record<ReferralState, WallStep>>> = {
  sent: "answer",
  received: "answer",
  "info-needed": "ask",
  accepted: "bed",
  "bed-held": "held",
  "en-route": "moving",
  arrived: "arrived",
  "cancel-requested": "answer",
};

/** The states that stand on a wall, as the list is asked for them. */
export const ON_THE_WALL = Object.keys(STEPS).join(",");

export interface WallRow {
  readonly id: string;
  readonly level: 1 | 2 | 3 | 4 | null;
  /** The last four of the number: what people call across a room. */
  readonly tail: string;
  readonly number: string;
  readonly from: string;
  /** Empty while there is none. */
  readonly bed: string;
  readonly inBay: boolean;
  readonly step: WallStep;
  /** What is waited for next, and whether being late is a patient's being late or ours. */
  readonly until: string | null;
  readonly awaited: "patient" | "us";
  readonly pathway: Referral["pathway"];
  readonly ringsSince: string | null;
}

/** 石门镇: what fits on a wall. */
function shortName(name: string): string {
  return name.replace(/卫生院$|卫生室$/, "");
}

function untilOf(ticket: Referral): string | null {
  if (ticket.state === "en-route") return ticket.expected_arrival_at ?? ticket.deadline_at;
  if (ticket.state === "bed-held") return ticket.place?.expires_at ?? ticket.deadline_at;
  return ticket.deadline_at;
}

/** R-2611-0387-T: without the letter that only proves that it was typed right. */
function tailOf(number: string): string {
  return /\d{4}(?=-?[A-Z]?$)/.exec(number)?.[0] ?? number;
}

function rowOf(ticket: Referral, step: WallStep): WallRow {
  return {
    id: ticket.id,
    level: levelOf(ticket),
    tail: tailOf(ticket.number),
    number: ticket.number,
    from: shortName(ticket.from.name),
    bed: ticket.place?.kind === "bed" ? ticket.place.label : "",
    inBay: ticket.place !== null && ticket.place.kind !== "bed",
    step,
    until: untilOf(ticket),
    awaited: ticket.state === "en-route" ? "patient" : "us",
    pathway: ticket.pathway,
    ringsSince: isRinging(ticket) ? (ticket.timeline["accepted"] ?? null) : null,
  };
}

const at = ({ until }: WallRow): Instant => (until === null ? Infinity : instant(until));

/** Tickets that come to this house, the most urgent first, among equals who is due first. */
export function rowsOf(tickets: readonly Referral[], house: string): readonly WallRow[] {
  return tickets
    .filter(({ to, direction }) => to?.id === house && direction !== "down")
    .flatMap((ticket) => {
      const step = STEPS[ticket.state];
      return step === undefined ? [] : [rowOf(ticket, step)];
    })
    .sort((a, b) => (a.level ?? 5) - (b.level ?? 5) || at(a) - at(b));
}

/** Two rows at least take turns, however many are urgent. */
const TURNING = 2;

/** The screens that take turns: the green channel stands on each of them, the others share what is left. */
export function pagesOf(rows: readonly WallRow[], fit: number): readonly (readonly WallRow[])[] {
  if (rows.length <= fit) return rows.length === 0 ? [] : [rows];
  const urgent = rows.filter(({ level }) => level !== null && level <= 2).slice(0, fit - TURNING);
  const others = rows.filter((row) => !urgent.includes(row));
  const room = fit - urgent.length;
  const pages = Array.from({ length: Math.ceil(others.length / room) }, (_, at) =>
    others.slice(at * room, (at + 1) * room),
  );
  return pages.map((page) => [...urgent, ...page]);
}

const URGENT: readonly string[] = ["急诊", "CCU", "ICU"];

/** Free beds worth a number on a wall: emergency and intensive care first, then where most are free. */
export function freeOf(wards: readonly Ward[], most: number): readonly (readonly [string, number])[] {
  const free = ({ counts }: Ward) => counts["available"] ?? 0;
  const isUrgent = ({ department }: Ward) => URGENT.includes(department);
  const urgent = wards.filter(isUrgent).sort((a, b) => URGENT.indexOf(a.department) - URGENT.indexOf(b.department));
  const others = wards.filter((ward) => !isUrgent(ward)).sort((a, b) => free(b) - free(a));
  return [...urgent, ...others].slice(0, most).map((ward) => [ward.department, free(ward)] as const);
}
