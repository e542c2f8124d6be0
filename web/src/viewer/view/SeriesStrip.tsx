/** The series of the study as small pictures: which is open, how many slices each has. */
import { useTranslation } from "react-i18next";
import { thumbnailAddress } from "../core/index.ts";
import type { SeriesView } from "./series.ts";

interface Props {
  readonly series: readonly SeriesView[];
  readonly open: string;
  readonly onOpen: (series: SeriesView) => void;
}

export function SeriesStrip({ series, open, onOpen }: Props) {
  const { t } = useTranslation();
  return (
    <ul className="viewer-strip" aria-label={t("viewer.series")}>
      {series.map((one) => {
        const middle = one.slices[one.slices.length >> 1];
        const words = `${one.description || one.modality} ${String(one.slices.length)}`;
        return (
          <li key={one.uid}>
            <button
              type="button"
              aria-pressed={one.uid === open}
              aria-label={t("viewer.openSeries", { what: one.description || one.modality, count: one.slices.length })}
              onClick={() => {
                onOpen(one);
              }}
            >
              {middle !== undefined && <img src={thumbnailAddress(middle)} alt="" loading="lazy" />}
              <span>{words}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
