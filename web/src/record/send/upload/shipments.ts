/**
 * The shipments of this tab. They live beside the pages: a person may walk on while images leave, and every page that
 * asks sees the same progress. Three objects leave at a time; a broken line is waited for, longer each time.
 */
import { useSyncExternalStore } from "react";
import type { Piece } from "../model/pieces.ts";
import { forget, remember, unfinishedFor } from "./ledger.ts";
import { sendOnce, type Arrival } from "./sending.ts";

export type PieceState =
  | { readonly at: "queued" }
  | { readonly at: "sending"; readonly sent: number }
  | { readonly at: "waiting"; readonly sent: number }
  | { readonly at: "arrived" }
  | { readonly at: "duplicate" }
  | { readonly at: "aside"; readonly code: string };

export interface Shipment {
  readonly order: string;
  readonly user: string;
  readonly patient: string;
  readonly pieces: readonly Piece[];
  readonly states: Readonly<Record<string, PieceState>>;
  /** Of the same order, sent on an earlier day. */
  readonly before: number;
  readonly line: "ok" | "cut" | "signed-out";
}

const AT_A_TIME = 3;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
const QUEUED: PieceState = { at: "queued" };
const OVER: readonly PieceState["at"][] = ["arrived", "duplicate", "aside"];

let shipments: readonly Shipment[] = [];
const stops = new Map<string, AbortController>();
const listeners = new Set<() => void>();

function put(shipment: Shipment): void {
  shipments = [...shipments.filter(({ order }) => order !== shipment.order), shipment];
  for (const listener of listeners) listener();
}

function change(order: string, how: (shipment: Shipment) => Shipment): void {
  const known = shipments.find((shipment) => shipment.order === order);
  if (known !== undefined) put(how(known));
}

function setPiece(order: string, mark: string, state: PieceState): void {
  change(order, (it) => ({ ...it, states: { ...it.states, [mark]: state } }));
}

export function stateOf(shipment: Shipment, piece: Piece): PieceState {
  return shipment.states[piece.mark] ?? QUEUED;
}

/** Nothing of it is on its way any more. */
export function isOver(shipment: Shipment): boolean {
  return shipment.pieces.every((piece) => OVER.includes(stateOf(shipment, piece).at));
}

export interface Tally {
  readonly total: number;
  readonly there: number;
  readonly aside: number;
  readonly bytes: number;
  readonly sentBytes: number;
}

export function tallyOf(shipment: Shipment): Tally {
  const states = shipment.pieces.map((piece) => ({ piece, state: stateOf(shipment, piece) }));
  const sentOf = ({ piece, state }: (typeof states)[number]) =>
    "sent" in state ? state.sent : state.at === "queued" ? 0 : piece.size;
  return {
    total: states.length,
    there: states.filter(({ state }) => ["arrived", "duplicate"].includes(state.at)).length,
    aside: states.filter(({ state }) => state.at === "aside").length,
    bytes: states.reduce((sum, { piece }) => sum + piece.size, 0),
    sentBytes: states.reduce((sum, it) => sum + sentOf(it), 0),
  };
}

function noteBegun({ order, user, pieces }: Shipment, mark: string, address: string): void {
  const known = unfinishedFor(order);
  const begun = { ...known?.begun, [mark]: address };
  remember({ order, user, total: known?.total ?? pieces.length, done: known?.done ?? [], begun });
}

function noteDone({ order, user, pieces }: Shipment, mark: string): void {
  const known = unfinishedFor(order);
  const begun = Object.fromEntries(Object.entries(known?.begun ?? {}).filter(([other]) => other !== mark));
  remember({ order, user, total: known?.total ?? pieces.length, done: [...(known?.done ?? []), mark], begun });
}

function sentSoFar(order: string, mark: string): number {
  const state = shipments.find((it) => it.order === order)?.states[mark];
  return state?.at === "sending" || state?.at === "waiting" ? state.sent : 0;
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stop.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function attempt(shipment: Shipment, piece: Piece, stop: AbortSignal): Promise<Arrival> {
  const { order, patient } = shipment;
  setPiece(order, piece.mark, { at: "sending", sent: sentSoFar(order, piece.mark) });
  return sendOnce(
    {
      blob: await piece.open(),
      metadata: { patient_id: patient, order_id: order },
      begunAt: unfinishedFor(order)?.begun[piece.mark] ?? null,
      onBegun: (address) => {
        noteBegun(shipment, piece.mark, address);
      },
      onProgress: (sent) => {
        setPiece(order, piece.mark, { at: "sending", sent });
      },
    },
    stop,
  );
}

/** Asked again after waiting: the compiler believes what it saw before. */
const isStopped = (stop: AbortSignal) => stop.aborted;

/** Sends one piece until it is there or put aside; a cut line is waited for. */
async function carry(shipment: Shipment, piece: Piece, stop: AbortSignal): Promise<void> {
  const { order } = shipment;
  for (let wait = FIRST_PAUSE_MS; !stop.aborted; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    const arrival = await attempt(shipment, piece, stop);
    if (isStopped(stop)) return;
    if (arrival.at !== "cut" && arrival.at !== "signed-out") {
      setPiece(order, piece.mark, arrival.at === "aside" ? arrival : { at: arrival.at });
      noteDone(shipment, piece.mark);
      change(order, (it) => ({ ...it, line: "ok" }));
      return;
    }
    setPiece(order, piece.mark, { at: "waiting", sent: sentSoFar(order, piece.mark) });
    change(order, (it) => ({ ...it, line: arrival.at }));
    await pause(wait, stop);
  }
}

async function run(shipment: Shipment, stop: AbortSignal): Promise<void> {
  const waiting = shipment.pieces.filter((piece) => stateOf(shipment, piece).at === "queued");
  const worker = async () => {
    for (let piece = waiting.shift(); piece !== undefined && !stop.aborted; piece = waiting.shift())
      await carry(shipment, piece, stop);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  const now = shipments.find(({ order }) => order === shipment.order);
  if (now !== undefined && isOver(now) && !stop.aborted) forget(shipment.order);
}

/** Begins, or goes on with what the same files left undone on another day. */
export function ship(order: string, user: string, patient: string, pieces: readonly Piece[]): void {
  const known = unfinishedFor(order);
  const done = new Set(known?.done ?? []);
  const states = Object.fromEntries(
    pieces.filter(({ mark }) => done.has(mark)).map(({ mark }) => [mark, { at: "arrived" } as const]),
  );
  const shipment: Shipment = { order, user, patient, pieces, states, before: done.size, line: "ok" };
  remember({ order, user, total: known?.total ?? pieces.length, done: [...done], begun: known?.begun ?? {} });
  const stop = new AbortController();
  stops.get(order)?.abort();
  stops.set(order, stop);
  put(shipment);
  void run(shipment, stop.signal);
}

/** Stops sending; what is with the hub stays there, the rest can go on later. */
export function halt(order: string): void {
  stops.get(order)?.abort();
  stops.delete(order);
  shipments = shipments.filter((shipment) => shipment.order !== order);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useShipments(): readonly Shipment[] {
  return useSyncExternalStore(subscribe, () => shipments);
}

/** Leaving while bytes are on their way asks once; nothing is lost either way. */
window.addEventListener("beforeunload", (event) => {
  if (shipments.some((shipment) => !isOver(shipment))) event.preventDefault();
});
