/** The still that the hub rendered: on the screen within a second or two on a township's line, and on any computer. */
import { useEffect, useRef } from "react";
import type { Box, Pane, Size, Window } from "../core/index.ts";

interface Props {
  readonly pane: Pane;
  readonly size: Size;
  readonly box: Box;
  /** The last still stays until the next one is there: no black flashes while scrolling. */
  readonly picture: HTMLImageElement | null;
  /** The window that the still was rendered with, as far as it is known. */
  readonly window: Window | null;
  /** Covered by the full picture. */
  readonly covered: boolean;
}

export function RenderedStack({ pane, size, box, picture, window, covered }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    const ratio = globalThis.devicePixelRatio;
    element.width = Math.round(size.width * ratio);
    element.height = Math.round(size.height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, size.width, size.height);
    if (picture === null) return;
    context.filter = pane.invert ? "invert(1)" : "none";
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, box.left, box.top, box.width, box.height);
  }, [picture, box, size, pane.invert]);
  return (
    <canvas
      ref={canvas}
      className="viewer-canvas"
      style={{ width: size.width, height: size.height, visibility: covered ? "hidden" : "visible" }}
      data-sharpness="rendered"
      data-ready={picture !== null}
      data-slice={pane.index + 1}
      data-center={window?.center}
      data-width={window?.width}
    />
  );
}
