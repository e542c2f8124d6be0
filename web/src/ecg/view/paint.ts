/** Paints a sheet and its calipers: the only arithmetic here is millimetres times the size of a millimetre. */
import { gridLines, mm, type Point, type PxPerMm, type Reading, type Sheet, type Stroke } from "../core/index.ts";

/** The paper keeps its colours in the dark too: it is a sheet. */
const PAPER = "#FFFCFA";
const FINE = "#F7DAD3";
const STRONG = "#EDB4A8";
const INK = "#13201E";
const MISSING = "#5A6B67";
const CALIPER = "#0B4A8F";
const TRACE_PX = 1.15;

/** Makes one unit of the context one CSS pixel, whatever the screen's pixels are. */
export function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = globalThis.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${String(width)}px`;
  canvas.style.height = `${String(height)}px`;
  const context = canvas.getContext("2d");
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** Lines lie on whole pixels of the screen, so that all of them are equally strong. */
function paintGrid(context: CanvasRenderingContext2D, sheet: Sheet, px: PxPerMm): void {
  const [width, height] = [sheet.width * px, sheet.height * px];
  const ratio = globalThis.devicePixelRatio;
  const thin = Math.max(1, Math.floor(ratio)) / ratio;
  const at = (millimetres: number) => Math.min(Math.floor(millimetres * px * ratio) / ratio, width);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, width, height);
  for (const strong of [false, true]) {
    context.fillStyle = strong ? STRONG : FINE;
    for (const line of gridLines(sheet.width))
      if (line.strong === strong) context.fillRect(at(line.at), 0, thin, height);
    for (const line of gridLines(sheet.height))
      if (line.strong === strong) context.fillRect(0, at(line.at), width, thin);
  }
}

function paintStroke(context: CanvasRenderingContext2D, { points }: Stroke, px: PxPerMm): void {
  context.beginPath();
  for (const { x, y } of points) context.lineTo(x * px, y * px);
  context.stroke();
}

export function paintSheet(context: CanvasRenderingContext2D, sheet: Sheet, px: PxPerMm): void {
  paintGrid(context, sheet, px);
  context.strokeStyle = INK;
  context.lineWidth = TRACE_PX;
  context.lineJoin = "round";
  for (const stroke of sheet.strokes) paintStroke(context, stroke, px);
  context.font = '600 14px "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif';
  context.textBaseline = "middle";
  context.strokeStyle = PAPER;
  for (const { text, at, missing } of sheet.labels) {
    // A halo keeps the name readable where a tall wave runs through it.
    context.lineWidth = 4;
    context.strokeText(text, at.x * px, at.y * px);
    context.fillStyle = missing ? MISSING : INK;
    context.fillText(missing ? `${text} —` : text, at.x * px, at.y * px);
  }
}

/** Two upright lines, the dashed level between them, and what they read. */
export function paintCalipers(
  context: CanvasRenderingContext2D,
  sheet: Sheet,
  px: PxPerMm,
  { a, b, reading }: { readonly a: Point; readonly b: Point; readonly reading: Reading },
): void {
  const height = sheet.height * px;
  context.strokeStyle = CALIPER;
  context.lineWidth = 1.25;
  for (const { x, y } of [a, b]) {
    context.beginPath();
    context.moveTo(x * px, 0);
    context.lineTo(x * px, height);
    context.moveTo((x - mm(2)) * px, y * px);
    context.lineTo((x + mm(2)) * px, y * px);
    context.stroke();
  }
  const words = wordsOf(reading);
  const left = Math.min(Math.max(a.x, b.x) * px + 6, sheet.width * px - 8 * words.length);
  const top = Math.max(2, Math.min(a.y, b.y) * px - 28);
  context.font = "600 13px system-ui,sans-serif";
  context.fillStyle = CALIPER;
  context.fillRect(left, top, context.measureText(words).width + 12, 22);
  context.fillStyle = "#FFFFFF";
  context.fillText(words, left + 6, top + 11);
}

/** `1000 ms · +0.34 mV · 60/min`, the units being the same in every language. */
export function wordsOf({ ms, mV, bpm }: Reading): string {
  const voltage = `${mV < 0 ? "−" : "+"}${Math.abs(mV).toFixed(2)} mV`;
  return [`${ms.toFixed(0)} ms`, voltage, ...(bpm === null ? [] : [`${bpm.toFixed(0)}/min`])].join(" · ");
}
