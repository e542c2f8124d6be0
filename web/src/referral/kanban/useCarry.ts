/** A ticket in somebody's hand: by the pointer, or by Enter and the arrows. Letting go asks; Esc puts it back. */
import { useEffect, useRef, useState, type PointerEvent } from "react";
import type { Referral } from "../../api/types.ts";
import { COLUMNS, type ColumnName } from "../model/columns.ts";

export interface Carried {
  readonly ticket: Referral;
  readonly by: "pointer" | "keys";
  /** The column beneath, or the one that the arrows chose. */
  readonly over: ColumnName | null;
  readonly x: number;
  readonly y: number;
}

/** A press is a click until the hand has moved this far. */
const FAR_PX = 6;

function columnAt(x: number, y: number): ColumnName | null {
  const found = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-column]")?.dataset["column"];
  return COLUMNS.find(({ name }) => name === found)?.name ?? null;
}

function beside(name: ColumnName | null, by: 1 | -1): ColumnName | null {
  const at = COLUMNS.findIndex((column) => column.name === name) + by;
  return COLUMNS[Math.min(COLUMNS.length - 1, Math.max(0, at))]?.name ?? null;
}

interface Pressed {
  readonly ticket: Referral;
  readonly x: number;
  readonly y: number;
}

export function useCarry(onDrop: (ticket: Referral, column: ColumnName) => void) {
  const [carried, setCarried] = useState<Carried | null>(null);
  const pressed = useRef<Pressed | null>(null);
  const dragged = useRef(false);
  const put = () => {
    pressed.current = null;
    setCarried(null);
  };
  useEffect(() => {
    if (carried === null) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") put();
    };
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
    };
  }, [carried]);
  const drop = () => {
    if (carried?.over) onDrop(carried.ticket, carried.over);
    put();
  };
  return {
    carried,
    put,
    drop,
    pick: (ticket: Referral, from: ColumnName) => {
      setCarried({ ticket, by: "keys", over: from, x: 0, y: 0 });
    },
    step: (by: 1 | -1) => {
      setCarried((now) => now && { ...now, over: beside(now.over, by) });
    },
    /** A click that ended a drag opens nothing. */
    wasDragged: () => dragged.current,
    hand: (ticket: Referral) => ({
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        dragged.current = false;
        // A finger scrolls the board; it moves tickets by the menu.
        if (event.button !== 0 || event.pointerType === "touch") return;
        pressed.current = { ticket, x: event.clientX, y: event.clientY };
        // From the press on: a quick hand is beyond the card before its first move is told.
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const start = pressed.current;
        if (start?.ticket.id !== ticket.id) return;
        const far = Math.hypot(event.clientX - start.x, event.clientY - start.y) > FAR_PX;
        if (carried === null && !far) return;
        dragged.current = true;
        const { clientX: x, clientY: y } = event;
        setCarried({ ticket, by: "pointer", over: columnAt(x, y), x, y });
      },
      onPointerUp: () => {
        pressed.current = null;
        if (carried?.by === "pointer") drop();
      },
      onPointerCancel: put,
    }),
  };
}

export type Carry = ReturnType<typeof useCarry>;
