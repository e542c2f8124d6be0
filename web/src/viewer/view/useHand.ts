/** The reader's hand on a pane: wheel and drags, by the chosen tool; pixels of the screen become acts. */
import { useEffect, useRef, useState, type PointerEvent, type RefObject } from "react";
import type { Act, Attributes, Box, Length, Pane, Tool, Window } from "../core/index.ts";

export interface Hand {
  readonly tool: Tool;
  readonly pane: Pane;
  readonly count: number;
  readonly box: Box;
  readonly attributes: Attributes | null;
  /** The window that is shown, from which a drag begins. */
  readonly shown: Window | null;
  readonly onAct: (act: Act) => void;
}

interface Grip {
  readonly x: number;
  readonly y: number;
  readonly startX: number;
  readonly startY: number;
  readonly window: Window;
  /** Scrolling by drag: what is left below a whole slice. */
  readonly rest: number;
}

/** A finger's breadth is about five slices. */
const PX_PER_SLICE = 9;
const NEUTRAL: Window = { center: 128, width: 256 };
const RIGHT = 2;
const MIDDLE = 1;

/** The right button always windows and the middle one always moves, whatever tool is chosen. */
function toolOf(tool: Tool, button: number): Tool {
  if (button === RIGHT) return "window";
  return button === MIDDLE ? "pan" : tool;
}

function pictureSpot({ box, attributes }: Hand, x: number, y: number): readonly [number, number] | null {
  if (attributes === null || box.width === 0) return null;
  return [((x - box.left) / box.width) * attributes.columns, ((y - box.top) / box.height) * attributes.rows];
}

/** What a movement does with a tool; the grip after it. */
function drag(hand: Hand, tool: Tool, grip: Grip, at: { x: number; y: number }): Grip {
  const [dx, dy] = [at.x - grip.x, at.y - grip.y];
  const next = { ...grip, ...at };
  switch (tool) {
    case "scroll": {
      const whole = Math.trunc((grip.rest + dy) / PX_PER_SLICE);
      if (whole !== 0) hand.onAct({ do: "step", by: whole, count: hand.count });
      return { ...next, rest: grip.rest + dy - whole * PX_PER_SLICE };
    }
    case "window":
      hand.onAct({ do: "drag-window", from: grip.window, dx: at.x - grip.startX, dy: at.y - grip.startY });
      return next;
    case "zoom":
      hand.onAct({ do: "zoom", factor: 1.01 ** -dy });
      return next;
    case "pan":
      hand.onAct({ do: "pan", dx, dy });
      return next;
    case "length":
      return next;
  }
}

export interface HandHandlers {
  readonly drawing: Length | null;
  readonly onPointerDown: (event: PointerEvent<HTMLDivElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLDivElement>) => void;
  readonly onPointerUp: () => void;
}

function spotOf(event: PointerEvent<HTMLDivElement>): { x: number; y: number } {
  const frame = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - frame.left, y: event.clientY - frame.top };
}

export function useHand(hand: Hand): HandHandlers {
  const grip = useRef<{ readonly tool: Tool; readonly grip: Grip } | null>(null);
  const [drawing, setDrawing] = useState<Length | null>(null);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const at = spotOf(event);
    const tool = toolOf(hand.tool, event.button);
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { tool, grip: { ...at, startX: at.x, startY: at.y, window: hand.shown ?? NEUTRAL, rest: 0 } };
    const spot = tool === "length" ? pictureSpot(hand, at.x, at.y) : null;
    if (spot !== null) setDrawing({ from: spot, to: spot });
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (grip.current === null) return;
    const at = spotOf(event);
    const { tool } = grip.current;
    grip.current = { tool, grip: drag(hand, tool, grip.current.grip, at) };
    const spot = drawing === null ? null : pictureSpot(hand, at.x, at.y);
    if (drawing !== null && spot !== null) setDrawing({ ...drawing, to: spot });
  };
  const onPointerUp = () => {
    grip.current = null;
    if (drawing === null) return;
    const [dx, dy] = [drawing.to[0] - drawing.from[0], drawing.to[1] - drawing.from[1]];
    if (Math.hypot(dx, dy) >= 2) hand.onAct({ do: "measure", length: drawing });
    setDrawing(null);
  };
  return { drawing, onPointerDown, onPointerMove, onPointerUp };
}

/** The wheel scrolls the stack, with Ctrl it zooms; the page beneath stays. */
export function useWheel(element: RefObject<HTMLDivElement | null>, hand: Hand): void {
  const latest = useRef(hand);
  useEffect(() => {
    latest.current = hand;
  });
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { onAct, count } = latest.current;
      if (event.ctrlKey) onAct({ do: "zoom", factor: event.deltaY > 0 ? 0.9 : 1.1 });
      else onAct({ do: "step", by: Math.sign(event.deltaY), count });
    };
    target.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      target.removeEventListener("wheel", onWheel);
    };
  }, [element]);
}
