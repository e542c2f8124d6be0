/** Studies and reports that travel with the ticket; what this person may not see yet says so. */
import { useQuery } from "@tanstack/react-query";
import { Activity, FileCheck, Image, Lock, Printer } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { civil } from "../../api/clock.ts";
import { reports } from "../../api/resources/reports.ts";
import { studies } from "../../api/resources/studies.ts";
import type { ReferralDetail } from "../../api/types.ts";

function Chip({ to, children }: { to: string | null; children: ReactNode }) {
  if (to === null) return <span className="tk-chip mut">{children}</span>;
  return (
    <Link className="tk-chip" to={to}>
      {children}
    </Link>
  );
}

function Unseen() {
  const { t } = useTranslation();
  return (
    <Chip to={null}>
      <Lock aria-hidden="true" />
      {t("referral.attached.unseen")}
    </Chip>
  );
}

function StudyChip({ uid }: { uid: string }) {
  const { data, isError } = useQuery({ ...studies.detail(uid), retry: false });
  if (isError) return <Unseen />;
  if (data === undefined) return null;
  const ecg = data.modalities.includes("ECG");
  const Icon = ecg ? Activity : Image;
  const order = data.order_id;
  return (
    <Chip to={order === null ? null : `/${ecg ? "ecg" : "read"}/${order}`}>
      <Icon aria-hidden="true" />
      {[data.description ?? data.modalities.join(" "), civil(data.study_at ?? data.received_at).time].join(" ")}
    </Chip>
  );
}

function ReportChip({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data, isError } = useQuery({ ...reports.detail(id), retry: false });
  if (isError) return <Unseen />;
  if (data === undefined) return null;
  return (
    <Chip to={`/results/${id}`}>
      <FileCheck aria-hidden="true" />
      {data.impression || t(`ui.report.${data.state}`)}
    </Chip>
  );
}

export function Attached({ ticket }: { ticket: ReferralDetail }) {
  const { t } = useTranslation();
  const { study_uids: uids = [], report_ids: ids = [] } = ticket.package ?? {};
  const side = ticket.direction === "down" ? "return" : "out";
  return (
    <section className="col">
      <h3>
        {t("referral.attached.title")} <span className="s12 mut tk-light">{t("referral.attached.until")}</span>
      </h3>
      <div className="row wrap">
        {uids.map((uid) => (
          <StudyChip key={uid} uid={uid} />
        ))}
        {ids.map((id) => (
          <ReportChip key={id} id={id} />
        ))}
        <a
          className="tk-chip"
          href={`/api/v1/referrals/${encodeURIComponent(ticket.id)}/form?kind=${side}`}
          target="_blank"
          rel="noreferrer"
        >
          <Printer aria-hidden="true" />
          {t(side === "out" ? "referral.attached.out" : "referral.attached.return")}
        </a>
      </div>
    </section>
  );
}
