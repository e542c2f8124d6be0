/** The shell round the sheet: sizes two canvases, paints the still one below and the calipers above, takes the pointer. */
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import { mm, readCalipers, snap, type Point, type PxPerMm, type Recording, type Sheet } from "../core/index.ts";
import { fitCanvas, paintCalipers, paintSheet, wordsOf } from "./paint.ts";

interface Props {
  readonly recording: Recording;
  readonly sheet: Sheet;
  readonly px: PxPerMm;
  /** Names the picture: leads, speed, gain. */
  readonly label: string;
  readonly calipersOn: boolean;
}

interface Span {
  readonly a: Point;
  readonly b: Point;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** The calipers of this sheet; a new sheet begins without. */
function useCalipers({ recording, sheet, px, calipersOn }: Props) {
  const [span, setSpan] = useState<Span | null>(null);
  const pointOf = (event: PointerEvent<HTMLCanvasElement>): Point =>
    snap(recording, sheet, { x: mm(event.nativeEvent.offsetX / px), y: mm(event.nativeEvent.offsetY / px) });
  const onPointerDown = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!calipersOn) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = pointOf(event);
    setSpan({ a: at, b: at });
  };
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!calipersOn || span === null || event.buttons !== 1) return;
    setSpan({ a: span.a, b: pointOf(event) });
  };
  /** Arrows move the second caliper by a small box, with Shift the first. */
  const onKeyDown = (event: KeyboardEvent<HTMLCanvasElement>) => {
    const step = STEPS[event.key];
    if (!calipersOn || step === undefined) return;
    event.preventDefault();
    const middle = { x: mm(sheet.width / 2), y: mm(sheet.height / 2) };
    const known = span ?? {
      a: snap(recording, sheet, middle),
      b: snap(recording, sheet, { ...middle, x: mm(middle.x + 25) }),
    };
    const moved = (point: Point) => snap(recording, sheet, { x: mm(point.x + step), y: point.y });
    setSpan(event.shiftKey ? { ...known, a: moved(known.a) } : { ...known, b: moved(known.b) });
  };
  return { span: calipersOn ? span : null, onPointerDown, onPointerMove, onKeyDown };
}

export function EcgCanvas(props: Props) {
  const { sheet, px, label, calipersOn } = props;
  const { t } = useTranslation();
  const still = useRef<HTMLCanvasElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  const { span, ...handlers } = useCalipers(props);
  const [width, height] = [sheet.width * px, sheet.height * px];
  useEffect(() => {
    const context = still.current && fitCanvas(still.current, width, height);
    if (context) paintSheet(context, sheet, px);
  }, [sheet, px, width, height]);
  useEffect(() => {
    const context = above.current && fitCanvas(above.current, width, height);
    if (context && span)
      paintCalipers(context, sheet, px, { ...span, reading: readCalipers(span.a, span.b, sheet.scale) });
  }, [span, sheet, px, width, height]);
  const reading = span === null ? "" : wordsOf(readCalipers(span.a, span.b, sheet.scale));
  return (
    <div className="ecg-sheet" style={{ width, height }} data-px-per-mm={px.toFixed(4)}>
      <div role="img" aria-label={label}>
        <canvas ref={still} />
      </div>
      <canvas
        ref={above}
        className={calipersOn ? "ecg-above ecg-above-on" : "ecg-above"}
        {...(calipersOn
          ? { tabIndex: 0, role: "application", "aria-label": t("ecg.calipersHint") }
          : { "aria-hidden": true })}
        {...handlers}
      />
      <span className="visually-hidden" role="status">
        {reading}
      </span>
    </div>
  );
}
