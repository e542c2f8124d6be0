/** Records that may be the same person: shown, never merged by themselves. */
import { Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { SimilarPatient } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { Panel } from "../../ui/Panel.tsx";

export function Duplicates({ similar }: { similar: readonly SimilarPatient[] }) {
  const { t } = useTranslation();
  if (similar.length === 0) return null;
  return (
    <Panel title={t("record.duplicates.title")}>
      <div className="col">
        <Note tone="due" icon={Users}>
          {t("record.duplicates.text")}
        </Note>
        <ul className="col">
          {similar.map((it) => (
            <li key={it.id} className="row wrap s13">
              <Link to={`/patients/${it.id}`}>{it.name}</Link>
              <span className="sub">
                {t(`ui.sex.${it.sex}`)}
                {it.age !== null && ` ${t("ui.age", { age: it.age })}`} · {it.masked_id}
              </span>
              <span className="mut">{it.organization.name}</span>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}
