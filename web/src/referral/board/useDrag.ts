/** A card under a mouse or a pen: lifted after a few pixels, put down where it is let go. Fingers choose by tapping. */
import { useEffect, useRef, type PointerEvent as ReactPointerEvent } from "react";
import type { Referral } from "../../api/types.ts";
import { useStable } from "./useStable.ts";

const LIFTED_AFTER_PX = 6;
/** Near the edge of the pane, the pane moves on. */
const EDGE_PX = 56;
const STEP_PX = 14;

interface Drag {
  readonly lift: (ticket: Referral) => void;
  readonly over: (bed: string | null) => void;
  /** Null: let go beside every bed, or given up. */
  readonly drop: (ticket: Referral, bed: string | null) => void;
}

function bedAt({ clientX, clientY }: PointerEvent): string | null {
  const tile = document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>("[data-bed]");
  return tile?.dataset["bed"] ?? null;
}

function moveOn({ clientY }: PointerEvent): void {
  const pane = document.getElementById("main");
  if (pane === null) return;
  const { top, bottom } = pane.getBoundingClientRect();
  if (clientY < top + EDGE_PX) pane.scrollBy(0, -STEP_PX);
  else if (clientY > bottom - EDGE_PX) pane.scrollBy(0, STEP_PX);
}

/** What follows the pointer is moved, not drawn again. */
export const GHOST = "bb-ghost";

function placeGhost({ clientX, clientY }: PointerEvent): void {
  const ghost = document.getElementById(GHOST);
  if (ghost !== null) ghost.style.transform = `translate(${String(clientX)}px, ${String(clientY)}px)`;
}

/** The click that ends a drag is none. */
function swallowClick(): void {
  const swallow = (event: Event) => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => {
    window.removeEventListener("click", swallow, { capture: true });
  }, 0);
}

interface Following {
  readonly ticket: Referral;
  readonly from: { readonly x: number; readonly y: number };
}

/** Follows the pointer until it is let go or Escape is pressed; answers with what ends it at once. */
function follow({ ticket, from }: Following, { lift, over, drop }: Drag): () => void {
  const ending = new AbortController();
  let lifted = false;
  let last: string | null = null;
  const end = (bed: string | null) => {
    ending.abort();
    if (!lifted) return;
    swallowClick();
    drop(ticket, bed);
  };
  const move = (event: PointerEvent) => {
    if (!lifted && Math.hypot(event.clientX - from.x, event.clientY - from.y) < LIFTED_AFTER_PX) return;
    if (!lifted) lift(ticket);
    lifted = true;
    moveOn(event);
    placeGhost(event);
    const bed = bedAt(event);
    if (bed !== last) over(bed);
    last = bed;
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "Escape") end(null);
  };
  const { signal } = ending;
  window.addEventListener("pointermove", move, { signal });
  window.addEventListener(
    "pointerup",
    (event) => {
      end(lifted ? bedAt(event) : null);
    },
    { signal },
  );
  window.addEventListener(
    "pointercancel",
    () => {
      end(null);
    },
    { signal },
  );
  window.addEventListener("keydown", key, { signal });
  return () => {
    ending.abort();
  };
}

export function useDrag(drag: Drag) {
  const stop = useRef<(() => void) | null>(null);
  const lift = useStable(drag.lift);
  const over = useStable(drag.over);
  const drop = useStable(drag.drop);
  useEffect(
    () => () => {
      stop.current?.();
    },
    [],
  );
  const begin = (ticket: Referral, event: ReactPointerEvent) => {
    if (event.pointerType === "touch" || event.button !== 0) return;
    const from = { x: event.clientX, y: event.clientY };
    stop.current = follow({ ticket, from }, { lift, over, drop });
  };
  return begin;
}
