/** What was measured, in a table: the sheet's numbers for those who do not see it, and for everyone beside it. */
import { Cpu } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Ecg } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { Panel } from "../../ui/Panel.tsx";
import "../../ui/table.css";
import { Tag } from "../../ui/Tag.tsx";
import { measureRows, written, type MeasureRow } from "./measures.ts";

function Change({ row }: { row: MeasureRow }) {
  if (row.machine === null || row.prior === null) return null;
  const by = row.machine - row.prior;
  if (Math.abs(by) < 10 ** -row.digits) return null;
  return (
    <span className={row.key === "st" ? "overc" : "sub"}>
      {by > 0 ? "↑" : "↓"}
      {Math.abs(by).toFixed(row.digits)}
    </span>
  );
}

function Row({ row, withPrior }: { row: MeasureRow; withPrior: boolean }) {
  const { t } = useTranslation();
  const signed = row.key === "st";
  return (
    <tr>
      <th scope="row">
        {t(`ecg.measure.${row.key}`)} {row.lead}
      </th>
      <td className="num mut">{written(row.device, row.digits, signed)}</td>
      <td className="num">
        <b>{written(row.machine, row.digits, signed)}</b>
      </td>
      <td className="mut">{row.unit}</td>
      {withPrior && (
        <>
          <td className="num mut">{written(row.prior, row.digits, signed)}</td>
          <td>
            <Change row={row} />
          </td>
        </>
      )}
    </tr>
  );
}

export function MeasureCard({ head, prior }: { head: Ecg; prior: Ecg | null }) {
  const { t } = useTranslation();
  return (
    <Panel
      title={t("ecg.measures")}
      actions={
        <Tag tone="machine" icon={Cpu}>
          {t("ecg.machineOnly")}
        </Tag>
      }
      flush
    >
      <table className="grid ecg-measures" aria-label={t("ecg.measures")}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t("ecg.what")}</span>
            </th>
            <th scope="col" className="num">
              {t("ecg.device")}
            </th>
            <th scope="col" className="num">
              {t("ecg.machine")}
            </th>
            <th scope="col">{t("ecg.unit")}</th>
            {prior !== null && (
              <>
                <th scope="col" className="num">
                  {t("ecg.last")}
                </th>
                <th scope="col">{t("ecg.change")}</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {measureRows(head, prior).map((row) => (
            <Row key={`${row.key}${row.lead ?? ""}`} row={row} withPrior={prior !== null} />
          ))}
        </tbody>
      </table>
      <Suspicions head={head} />
    </Panel>
  );
}

/** Why a machine wants somebody to look sooner; never a finding. */
function Suspicions({ head }: { head: Ecg }) {
  const { t } = useTranslation();
  const suspicions = head.opinion.suspicions;
  if (suspicions.length === 0 && head.device_statements.length === 0) return null;
  return (
    <div className="ecg-said col g4">
      {suspicions.map(({ code, text, limits_version }) => (
        <div key={code} title={limits_version}>
          <Note tone="machine">{text}</Note>
        </div>
      ))}
      {head.device_statements.length > 0 && (
        <span className="s12 mut">{t("ecg.deviceSays", { what: head.device_statements.join(" · ") })}</span>
      )}
    </div>
  );
}
