/** What is to be sent, by series: how many, whether it is this patient's, and how far it is. Files behind a fold. */
import { Button } from "antd";
import { Check, Clock, CloudUpload, Copy, Image, PackageX, WifiOff, X, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Tag, type Tone } from "../../ui/Tag.tsx";
import { errorCode } from "../../ui/problemText.ts";
import { Problem } from "../../api/problems.ts";
import type { Piece } from "./model/pieces.ts";
import type { SeriesOfPieces, StudyOfPieces } from "./model/series.ts";
import { stateOf, type PieceState, type Shipment } from "./upload/shipments.ts";

const LOOKS: Readonly<Record<PieceState["at"], readonly [Tone, LucideIcon]>> = {
  queued: ["plain", Clock],
  sending: ["brand", CloudUpload],
  waiting: ["due", WifiOff],
  arrived: ["ok", Check],
  duplicate: ["info", Copy],
  aside: ["over", PackageX],
};

export function PieceBadge({ state }: { state: PieceState }) {
  const { t } = useTranslation();
  const [tone, icon] = LOOKS[state.at];
  const why = state.at === "aside" ? t(`errors.${errorCode(new Problem({ status: 422, code: state.code }))}.text`) : "";
  return (
    <Tag tone={tone} icon={icon}>
      {state.at === "aside" ? t("record.piece.aside", { why }) : t(`record.piece.${state.at}`)}
    </Tag>
  );
}

function SeriesBadge({ series, shipment }: { series: SeriesOfPieces; shipment: Shipment | null }) {
  const { t } = useTranslation();
  if (shipment === null) return <Tag icon={Clock}>{t("record.piece.ready")}</Tag>;
  const states = series.pieces.map((piece) => stateOf(shipment, piece));
  const count = (...kinds: PieceState["at"][]) => states.filter(({ at }) => kinds.includes(at)).length;
  const there = count("arrived", "duplicate");
  const odd = states.find(({ at }) => at === "aside");
  if (odd !== undefined) return <PieceBadge state={odd} />;
  if (there === states.length)
    return <PieceBadge state={{ at: count("duplicate") === there ? "duplicate" : "arrived" }} />;
  if (count("waiting") > 0) return <PieceBadge state={{ at: "waiting", sent: 0 }} />;
  if (there + count("sending") === 0) return <PieceBadge state={{ at: "queued" }} />;
  return (
    <Tag tone="brand" icon={CloudUpload}>
      {t("record.piece.sendingOf", { there, total: states.length })}
    </Tag>
  );
}

function Files({ pieces, shipment }: { pieces: readonly Piece[]; shipment: Shipment | null }) {
  const { t } = useTranslation();
  return (
    <details className="files">
      <summary>{t("record.images.eachFile", { count: pieces.length })}</summary>
      <ul>
        {pieces.map((piece) => (
          <li key={piece.mark} className="row s12">
            <span className="ell sp">{piece.path}</span>
            {shipment !== null && <PieceBadge state={stateOf(shipment, piece)} />}
          </li>
        ))}
      </ul>
    </details>
  );
}

function SeriesRow({ series, shipment }: { series: SeriesOfPieces; shipment: Shipment | null }) {
  const { t } = useTranslation();
  return (
    <li className="series">
      <Image aria-hidden="true" />
      <span className="series-name">
        {series.modality} {series.number === null ? "" : t("record.images.series", { number: series.number })}{" "}
        {series.text}
      </span>
      <span className="nw num">{t("record.images.count", { count: series.pieces.length })}</span>
      <SeriesBadge series={series} shipment={shipment} />
      <Files pieces={series.pieces} shipment={shipment} />
    </li>
  );
}

interface Props {
  readonly studies: readonly StudyOfPieces[];
  readonly shipment: Shipment | null;
  /** Takes a whole study out again; absent while it is under way. */
  readonly onDrop?: (uid: string) => void;
}

export function SeriesTable({ studies, shipment, onDrop }: Props) {
  const { t } = useTranslation();
  return studies.map((study) => (
    <section key={study.uid} aria-label={t("record.images.study", { what: study.text })}>
      <div className="study-head">
        <b>{study.text || t("record.images.noText")}</b>
        <span className="mut s13">{study.date}</span>
        <span className="sp" />
        {onDrop !== undefined && (
          <Button
            size="small"
            type="text"
            icon={<X aria-hidden="true" />}
            onClick={() => {
              onDrop(study.uid);
            }}
          >
            {t("record.images.takeOut")}
          </Button>
        )}
      </div>
      <ul>
        {study.series.map((series) => (
          <SeriesRow key={series.uid} series={series} shipment={shipment} />
        ))}
      </ul>
    </section>
  ));
}
