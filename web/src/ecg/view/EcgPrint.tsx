/** The sheet as vectors in millimetres: on paper it is true to size, whatever the screen was. */
import { createPortal } from "react-dom";
import { gridLines, type Point, type Sheet } from "../core/index.ts";

const path = (points: readonly Point[]) => points.map(({ x, y }) => `${x.toFixed(2)},${y.toFixed(2)}`).join(" ");

function Grid({ sheet }: { sheet: Sheet }) {
  const d = (strong: boolean) =>
    [
      ...gridLines(sheet.width)
        .filter((line) => line.strong === strong)
        .map(({ at }) => `M${String(at)} 0V${String(sheet.height)}`),
      ...gridLines(sheet.height)
        .filter((line) => line.strong === strong)
        .map(({ at }) => `M0 ${String(at)}H${String(sheet.width)}`),
    ].join("");
  return (
    <>
      <path d={d(false)} stroke="#F7DAD3" strokeWidth={0.1} />
      <path d={d(true)} stroke="#EDB4A8" strokeWidth={0.2} />
    </>
  );
}

export function EcgPrint({ sheet, title, foot }: { sheet: Sheet; title: string; foot: string }) {
  return createPortal(
    <div className="ecg-print">
      <p>{title}</p>
      <svg
        width={`${String(sheet.width)}mm`}
        height={`${String(sheet.height)}mm`}
        viewBox={`0 0 ${String(sheet.width)} ${String(sheet.height)}`}
        aria-hidden="true"
      >
        <Grid sheet={sheet} />
        {sheet.strokes.map((stroke, at) => (
          <polyline key={at} points={path(stroke.points)} fill="none" stroke="#13201E" strokeWidth={0.25} />
        ))}
        {sheet.labels.map(({ text, at }, index) => (
          <text key={index} x={at.x} y={at.y + 1.2} fontSize={3.4} fontWeight={600}>
            {text}
          </text>
        ))}
      </svg>
      <p>{foot}</p>
    </div>,
    document.body,
  );
}
