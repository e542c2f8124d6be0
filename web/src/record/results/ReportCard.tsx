/**
 * A report as the township reads it: the words, who signed, the paper. Opening it is the receipt; a critical or an
 * amended one has to be acknowledged by a person, after the change has been seen.
 */
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { CheckCheck, FileText, FileWarning } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { mayRun } from "../../api/commands.ts";
import { reports } from "../../api/resources/reports.ts";
import { useUser } from "../../api/resources/session.ts";
import type { Report, Signer } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { ReportStateTag } from "../../ui/orderTags.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { When } from "../../ui/When.tsx";
import { Editions } from "./Editions.tsx";

function isReadHere(report: Report, organizations: readonly string[]): boolean {
  return report.reads.some(({ receipt, organization_id }) => receipt && organizations.includes(organization_id));
}

/** Amended and critical reports are not read by opening them. */
function needsWord(report: Report): boolean {
  return report.critical || report.amend_kind !== null;
}

function useReceipt(report: Report) {
  const user = useUser();
  const read = useMutation(reports.read);
  const ours = user.roles.map(({ organization }) => organization.id).includes(report.organization.id);
  const done = isReadHere(report, [report.organization.id]);
  const open = ours && !done && (report.commands.length === 0 || mayRun(report, "read"));
  const sent = useRef<string | null>(null);
  const id = reports.idOf(report);
  const acknowledge = () => {
    read.mutate({ id, version: report.version, key: newKey() });
  };
  const byOpening = open && !needsWord(report);
  const { mutate } = read;
  useEffect(() => {
    if (!byOpening || sent.current === id) return;
    sent.current = id;
    mutate({ id, version: report.version, key: newKey() });
  }, [byOpening, mutate, id, report.version]);
  return { read, acknowledge, waits: open && needsWord(report) };
}

function Signed({ by, as }: { by: Signer | null; as: "author" | "verifier" }) {
  const { t } = useTranslation();
  if (by === null) return null;
  return (
    <>
      <dt>{t(`record.report.${as}`)}</dt>
      <dd>
        {by.name} {by.title} {by.at !== null && <When at={by.at} />}
      </dd>
    </>
  );
}

function Facts({ report }: { report: Report }) {
  const { t } = useTranslation();
  return (
    <dl className="dl">
      <Signed by={report.author} as="author" />
      <Signed by={report.verifier} as="verifier" />
      {report.verification_code !== null && (
        <>
          <dt>{t("record.report.code")}</dt>
          <dd className="nw">{report.verification_code}</dd>
        </>
      )}
      {report.reads.map((read) => (
        <ReadBy key={read.user.id + read.at} read={read} />
      ))}
    </dl>
  );
}

function ReadBy({ read }: { read: Report["reads"][number] }) {
  const { t } = useTranslation();
  return (
    <>
      <dt>{t(read.receipt ? "record.report.receipt" : "record.report.opened")}</dt>
      <dd>
        {read.user.name} <When at={read.at} />
      </dd>
    </>
  );
}

function Acknowledge({ report, pending, onRun }: { report: Report; pending: boolean; onRun: () => void }) {
  const { t } = useTranslation();
  const amended = report.amend_kind !== null;
  return (
    <Note tone={report.critical ? "over" : "due"} {...(amended ? { icon: FileWarning } : {})}>
      <div className="row wrap">
        <span className="sp">{t(amended ? "record.report.mustSeeChange" : "record.report.mustAcknowledge")}</span>
        <Button type="primary" icon={<CheckCheck aria-hidden="true" />} loading={pending} onClick={onRun}>
          {t(amended ? "record.report.seenChange" : "record.report.acknowledge")}
        </Button>
      </div>
    </Note>
  );
}

function Tags({ report }: { report: Report }) {
  const { t } = useTranslation();
  return (
    <>
      <ReportStateTag state={report.state} />
      {report.critical && <Tag tone="critical">{t("ui.critical.title")}</Tag>}
      {report.positive && !report.critical && <Tag tone="line">{t("record.report.positive")}</Tag>}
    </>
  );
}

export function ReportCard({ report }: { report: Report }) {
  const { t } = useTranslation();
  const { read, acknowledge, waits } = useReceipt(report);
  return (
    <Panel
      title={t("record.report.title")}
      aside={t("record.report.edition", { edition: report.edition })}
      actions={
        <>
          <Tags report={report} />
          <Button
            icon={<FileText aria-hidden="true" />}
            href={reports.pdfAddress(reports.idOf(report))}
            target="_blank"
            rel="noopener"
          >
            {t("record.report.pdf")}
          </Button>
        </>
      }
    >
      <div className="col g12">
        {report.preliminary && <Note tone="due">{t("record.report.preliminary")}</Note>}
        {waits && <Acknowledge report={report} pending={read.isPending} onRun={acknowledge} />}
        <ProblemNote failure={read.error} />
        {report.amend_kind !== null && <Editions report={report} />}
        <section>
          <h3>{t("record.report.impression")}</h3>
          <p className="prose report-impression">{report.impression}</p>
        </section>
        <section>
          <h3>{t("record.report.findings")}</h3>
          <p className="prose">{report.findings}</p>
        </section>
        <Facts report={report} />
      </div>
    </Panel>
  );
}
