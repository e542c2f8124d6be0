/** Two people wrote: both texts side by side, and one of them is chosen by a person. */
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Report, ReportText } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";

function Side({ title, text, onKeep, keep }: { title: string; text: ReportText; keep: string; onKeep: () => void }) {
  const { t } = useTranslation();
  return (
    <section className="conflict-side">
      <h3>{title}</h3>
      <h4>{t("reading.findings")}</h4>
      <p className="written">{text.findings || "—"}</p>
      <h4>{t("reading.impression")}</h4>
      <p className="written">{text.impression || "—"}</p>
      <Button onClick={onKeep}>{keep}</Button>
    </section>
  );
}

interface Props {
  readonly mine: ReportText;
  readonly theirs: Report;
  readonly onKeep: (which: "mine" | "theirs") => void;
}

export function Conflict({ mine, theirs, onKeep }: Props) {
  const { t } = useTranslation();
  return (
    <div className="col" role="alert">
      <Note tone="due">{t("reading.conflict.what")}</Note>
      <div className="conflict">
        <Side
          title={t("reading.conflict.mine")}
          text={mine}
          keep={t("reading.conflict.keepMine")}
          onKeep={() => {
            onKeep("mine");
          }}
        />
        <Side
          title={t("reading.conflict.theirs")}
          text={theirs}
          keep={t("reading.conflict.keepTheirs")}
          onKeep={() => {
            onKeep("theirs");
          }}
        />
      </div>
    </div>
  );
}
