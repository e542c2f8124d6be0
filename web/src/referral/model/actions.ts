/** Which of the hub's commands stand where: the next one, the bar in its fixed order, the rest. Pure. */
import type { ReferralCommand } from "../../api/resources/referrals.ts";
import type { Command, Referral, ReferralState } from "../../api/types.ts";

/** What a ticket waits for comes first; the first that is allowed is the one big button. */
const NEXT = [
  "confirm-cancel",
  "acknowledge",
  "open",
  "accept",
  "answer",
  "send",
  "take-over",
  "depart",
  "hold-bed",
  "admit",
  "first-visit",
  "send-outcome",
  "discharge",
  "close",
] as const satisfies readonly ReferralCommand[];

/** The bar's order never changes with the ticket; what is not allowed keeps its place, grey, while it may matter. */
const BAR = ["ask", "redirect", "decline", "arrive"] as const satisfies readonly ReferralCommand[];

/** Beside the bar where allowed. */
const BESIDE = [
  "refuse-cancel",
  "hold-bed",
  "admit",
  "treat-and-release",
  "discharge",
  "send-outcome",
  "refer-down",
  "accept",
] as const satisfies readonly ReferralCommand[];

const REST = [
  "advise",
  "release-hold",
  "retriage",
  "override",
  "depart",
  "not-arrived",
  "admitted-elsewhere",
  "cancel",
  "ask-review",
  "review",
  "die",
  "close",
] as const satisfies readonly ReferralCommand[];

const BEFORE_ARRIVAL: readonly ReferralState[] = [
  "sent",
  "received",
  "info-needed",
  "accepted",
  "bed-held",
  "en-route",
  "handed-over",
];

/** What key A answers with: never more than the answer. */
const ANSWERS: readonly ReferralCommand[] = ["acknowledge", "open", "accept"];

export type Offered = Command & { readonly name: ReferralCommand };

export interface Actions {
  readonly main: Offered | null;
  readonly bar: readonly Offered[];
  readonly rest: readonly Offered[];
}

/** The command of that name as the hub offers it to this person. */
export function offered(ticket: Pick<Referral, "commands">, name: ReferralCommand): Offered | null {
  const found = ticket.commands.find((command) => command.name === name);
  return found === undefined ? null : { ...found, name };
}

/** The alarm is this person's to answer. */
export function isYours(ticket: Pick<Referral, "commands">): boolean {
  return offered(ticket, "acknowledge")?.allowed === true;
}

export function isAnswer({ name }: Offered): boolean {
  return ANSWERS.includes(name);
}

/** Arrival is the next step only of who is on the way. */
function nextOf(ticket: Pick<Referral, "commands" | "state">): Offered | null {
  const names: readonly ReferralCommand[] = ticket.state === "en-route" ? [...NEXT, "arrive"] : NEXT;
  return names.flatMap((name) => offered(ticket, name) ?? []).find(({ allowed }) => allowed) ?? null;
}

export function actionsOf(ticket: Pick<Referral, "commands" | "state">): Actions {
  const all = (names: readonly ReferralCommand[]) => names.flatMap((name) => offered(ticket, name) ?? []);
  const main = nextOf(ticket);
  const other = ({ name }: Offered) => name !== main?.name;
  const early = BEFORE_ARRIVAL.includes(ticket.state);
  const bar = all(BAR).filter((it) => other(it) && (it.allowed || early));
  const beside = all(BESIDE).filter((it) => other(it) && it.allowed);
  // Legal ones first in weight; the order among them stays.
  const shown = [...bar.filter(({ allowed }) => allowed), ...beside, ...bar.filter(({ allowed }) => !allowed)];
  const taken = new Set(shown.map(({ name }) => name));
  return { main, bar: shown, rest: all(REST).filter((it) => other(it) && it.allowed && !taken.has(it.name)) };
}
