/** Distances over the picture, in millimetres where the device says how far its pixels are apart. */
import { useTranslation } from "react-i18next";
import { millimetresOf, type Attributes, type Box, type Length } from "../core/index.ts";

interface Props {
  readonly lengths: readonly Length[];
  readonly attributes: Attributes;
  readonly box: Box;
}

export function Lengths({ lengths, attributes, box }: Props) {
  const { t } = useTranslation();
  const sx = box.width / Math.max(1, attributes.columns);
  const sy = box.height / Math.max(1, attributes.rows);
  const place = ([x, y]: readonly [number, number]) => [box.left + x * sx, box.top + y * sy] as const;
  return (
    <svg className="viewer-lengths" role="img" aria-label={t("viewer.lengths", { count: lengths.length })}>
      {lengths.map((length, at) => {
        const [x1, y1] = place(length.from);
        const [x2, y2] = place(length.to);
        const mm = millimetresOf(length, attributes);
        return (
          <g key={at}>
            <line x1={x1} y1={y1} x2={x2} y2={y2} />
            <circle cx={x1} cy={y1} r={3} />
            <circle cx={x2} cy={y2} r={3} />
            <text x={Math.max(x1, x2) + 8} y={(y1 + y2) / 2 + 4}>
              {mm === null ? t("viewer.noSpacing") : `${mm.toFixed(1)} mm`}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
