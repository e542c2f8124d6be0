/** The images: what was chosen, whether it is this patient's, how far it is on its way, what is left aside. */
import { Progress } from "antd";
import { WifiOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Note } from "../../ui/Note.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { DropZone } from "./DropZone.tsx";
import { MismatchCard } from "./MismatchCard.tsx";
import type { Aside } from "./model/pieces.ts";
import { SeriesTable } from "./SeriesTable.tsx";
import { unfinishedFor } from "./upload/ledger.ts";
import { isOver, tallyOf, type Shipment } from "./upload/shipments.ts";
import type { SendSituation } from "./useSituation.ts";

function megabytes(bytes: number): string {
  return bytes >= 1_048_576 ? `${(bytes / 1_048_576).toFixed(1)} MB` : `${String(Math.ceil(bytes / 1_024))} KB`;
}

function Asides({ asides }: { asides: readonly Aside[] }) {
  const { t } = useTranslation();
  if (asides.length === 0) return null;
  return (
    <details className="files">
      <summary>{t("record.images.asides", { count: asides.length })}</summary>
      <ul>
        {asides.map(({ path, reason }) => (
          <li key={path} className="row s12">
            <span className="ell sp">{path}</span>
            <span className="sub">{t(`record.images.aside.${reason}`)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** How it went, or why it waits. */
function ShipmentNote({ shipment }: { shipment: Shipment }) {
  const { t } = useTranslation();
  const { total, there, aside } = tallyOf(shipment);
  if (isOver(shipment))
    return aside === 0 ? (
      <Note tone="ok">{t("record.sending.allThere", { total })}</Note>
    ) : (
      <Note tone="due">{t("record.sending.someAside", { there, aside })}</Note>
    );
  if (shipment.line === "ok") return null;
  return (
    <Note tone="due" icon={WifiOff}>
      {t(shipment.line === "cut" ? "record.sending.cut" : "record.sending.signedOut", { there })}
    </Note>
  );
}

function ShipmentBar({ shipment }: { shipment: Shipment }) {
  const { t } = useTranslation();
  const { total, there, bytes, sentBytes } = tallyOf(shipment);
  const percent = bytes === 0 ? 100 : Math.floor((sentBytes / bytes) * 100);
  return (
    <div className="col" role="status">
      <span className="row">
        <Progress
          className="sp"
          percent={percent}
          showInfo={false}
          aria-label={t("record.sending.percent", { percent })}
        />
        <span className="nw">
          <b>{t("record.sending.progress", { there, total })}</b> <span className="mut">{megabytes(bytes)}</span>
        </span>
      </span>
      <ShipmentNote shipment={shipment} />
    </div>
  );
}

interface Props {
  readonly situation: SendSituation;
  readonly order: string | null;
  readonly shipment: Shipment | null;
  readonly onOtherPatient: (() => void) | null;
}

function Choosing({ situation, order, onOtherPatient }: Omit<Props, "shipment">) {
  const { t } = useTranslation();
  const { gathering, studies, comparison, confirmed, confirm } = situation;
  const unfinished = order === null ? null : unfinishedFor(order);
  return (
    <>
      {unfinished !== null && (
        <Note tone="info">{t("record.sending.before", { done: unfinished.done.length, total: unfinished.total })}</Note>
      )}
      {comparison !== null && (
        <MismatchCard
          comparison={comparison}
          confirmed={confirmed}
          onConfirm={confirm}
          onOtherPatient={onOtherPatient}
          onOtherFiles={gathering.clear}
        />
      )}
      <SeriesTable studies={studies} shipment={null} onDrop={gathering.dropStudy} />
      <Asides asides={gathering.asides} />
      <DropZone onFiles={(files) => void gathering.add(files)} reading={gathering.reading} />
    </>
  );
}

export function ImagesPanel({ situation, order, shipment, onOtherPatient }: Props) {
  const { t } = useTranslation();
  const { pieces } = situation.gathering;
  const bytes = pieces.reduce((sum, { size }) => sum + size, 0);
  return (
    <Panel
      title={t("record.images.title")}
      aside={pieces.length > 0 && t("record.images.size", { count: pieces.length, size: megabytes(bytes) })}
    >
      <div className="col g12">
        {shipment === null ? (
          <Choosing situation={situation} order={order} onOtherPatient={onOtherPatient} />
        ) : (
          <>
            <ShipmentBar shipment={shipment} />
            <SeriesTable studies={situation.studies} shipment={shipment} />
          </>
        )}
      </div>
    </Panel>
  );
}
