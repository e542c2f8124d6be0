/** New rows wait here, for a row under a hand never moves. */
import { ArrowUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Kbd } from "./Kbd.tsx";
import "./notes.css";

interface Props {
  readonly of: "study" | "ticket";
  readonly count: number;
  readonly onShow: () => void;
}

export function NewRowsBar({ of, count, onShow }: Props) {
  const { t } = useTranslation();
  return (
    <div role="status">
      {count > 0 && (
        <button type="button" className="new-rows" onClick={onShow}>
          <ArrowUp aria-hidden="true" />
          <b>{t(`ui.newRows.${of}`, { count })}</b>
          <span className="sub">{t("ui.newRowsHint")}</span>
          <span className="sp" />
          <Kbd keys="." />
        </button>
      )}
    </div>
  );
}
