/** What of a study is no picture: reports and documents, opened beside. */
import { FileText } from "lucide-react";
import { useTranslation } from "react-i18next";
import { documentAddress } from "../core/index.ts";
import type { SeriesView } from "./series.ts";

export function Documents({ series }: { series: readonly SeriesView[] }) {
  const { t } = useTranslation();
  const documents = series.flatMap((one) =>
    one.documents.map((it) => ({ ...it, modality: one.modality, what: one.description })),
  );
  if (documents.length === 0) return null;
  return (
    <ul className="viewer-documents" aria-label={t("viewer.documents")}>
      {documents.map((it) => (
        <li key={it.instance}>
          <a href={documentAddress(it)} target="_blank" rel="noreferrer">
            <FileText aria-hidden="true" /> {it.modality} {it.what} {it.number}
          </a>
        </li>
      ))}
    </ul>
  );
}
