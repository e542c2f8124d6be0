/** A card in the hand: lifted by H, by a tap or by the pointer; beds say what they make of it; Enter or letting go holds. */
import { useMemo, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { mayRun } from "../../api/commands.ts";
import type { Bed, Referral, ReferralQueue } from "../../api/types.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { fitting, misfitOf } from "./model/fit.ts";
import { isArrow, walk } from "./model/walk.ts";
import type { Mark } from "./Tile.tsx";
import { useBedWords } from "./useBedWords.ts";
import { useDrag } from "./useDrag.ts";
import type { Holding } from "./useHolding.ts";
import { useStable } from "./useStable.ts";

interface Carried {
  readonly ticket: Referral;
  readonly by: "pointer" | "keys";
}

const tiles = () => [...document.querySelectorAll<HTMLButtonElement>("[data-bed]")];

function focusOn(selector: "bed" | "ticket", id: string): void {
  const all = [...document.querySelectorAll<HTMLElement>(`[data-${selector}]`)];
  all.find(({ dataset }) => dataset[selector] === id)?.focus();
}

/** The tile that an arrow leads to gets the focus. */
function step(event: KeyboardEvent<HTMLButtonElement>): void {
  if (!isArrow(event.key)) return;
  event.preventDefault();
  const all = tiles();
  const places = all.map((tile) => tile.getBoundingClientRect());
  all[walk(places, all.indexOf(event.currentTarget), event.key)]?.focus();
}

function useMarks(carried: Carried | null, over: string | null, beds: readonly Bed[]) {
  const words = useBedWords();
  return useMemo((): ReadonlyMap<string, Mark> | null => {
    if (carried === null) return null;
    const marks = new Map<string, Mark>(fitting(carried.ticket, beds).map(({ id }) => [id, "fits"]));
    const under = beds.find(({ id }) => id === over);
    if (under === undefined) return marks;
    const rule = misfitOf(carried.ticket, under);
    const yes = carried.by === "pointer" ? "over" : "press";
    return marks.set(under.id, rule === null ? yes : { no: words.misfit(rule, under) });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- words are made anew at every draw; they follow the language
  }, [carried, over, beds]);
}

interface Around {
  readonly beds: readonly Bed[];
  readonly queue: ReferralQueue | undefined;
  readonly holding: Holding;
  /** A bed pressed with an empty hand. */
  readonly onOpen: (bed: string) => void;
}

const nameOf = (ticket: Referral) => ticket.patient?.name ?? ticket.number;

/** Where the eye goes when a card is lifted: the rule's choice, else the first that fits, else where it was. */
function targetFor(ticket: Referral, { beds, queue }: Around, stop: string | null): Bed | null {
  const offered = queue?.allotted.find(({ ticket_id }) => ticket_id === ticket.id);
  const [best = beds.find(({ id }) => id === stop)] = fitting(ticket, beds, offered?.bed_id);
  return best ?? beds[0] ?? null;
}

/** The card that H lifts: the one with the focus, else the first that may have a bed. */
function chosenOf(queue: ReferralQueue | undefined, card: string | null): Referral | null {
  const liftable = (queue?.items ?? []).filter((ticket) => mayRun(ticket, "hold-bed"));
  return liftable.find(({ id }) => id === card) ?? liftable[0] ?? null;
}

/** What is in the hand, and what was last said about it. */
function useHand(around: Around, stop: string | null) {
  const { t } = useTranslation();
  const [carried, setCarried] = useState<Carried | null>(null);
  const [said, setSaid] = useState("");
  const putDown = () => {
    if (carried === null) return;
    setSaid(t("beds.carry.dropped", { name: nameOf(carried.ticket) }));
    setCarried(null);
    focusOn("ticket", carried.ticket.id);
  };
  const lift = (ticket: Referral) => {
    if (carried?.ticket.id === ticket.id) {
      putDown();
      return;
    }
    setCarried({ ticket, by: "keys" });
    setSaid(t("beds.carry.lifted", { name: nameOf(ticket) }));
    const target = targetFor(ticket, around, stop);
    if (target !== null) focusOn("bed", target.id);
  };
  return { carried, setCarried, said, putDown, lift };
}

export function useCarry(around: Around) {
  const { beds, queue, holding, onOpen } = around;
  const [over, setOver] = useState<string | null>(null);
  const [stop, setStop] = useState<string | null>(null);
  const [card, setCard] = useState<string | null>(null);
  const { carried, setCarried, said, putDown, lift } = useHand(around, stop);
  const marks = useMarks(carried, carried?.by === "pointer" ? over : stop, beds);
  const begin = useDrag({
    lift: (ticket) => {
      setCarried({ ticket, by: "pointer" });
    },
    over: setOver,
    drop: (ticket, bed) => {
      setCarried(null);
      setOver(null);
      if (bed !== null) holding.drop(ticket, bed);
    },
  });
  useKeys("beds", {
    lift: () => {
      const chosen = chosenOf(queue, card);
      if (chosen !== null) lift(chosen);
    },
    ...(carried === null ? {} : { putDown }),
  });
  const onPress = useStable((bed: string) => {
    if (carried === null) {
      onOpen(bed);
      return;
    }
    setCarried(null);
    holding.drop(carried.ticket, bed);
  });
  const hands = useMemo(() => ({ onPress, onFocus: setStop, onKey: step }), [onPress]);
  return { carried, marks, stop, said, hands, putDown, lift, setCard, begin };
}

export type Carry = ReturnType<typeof useCarry>;
