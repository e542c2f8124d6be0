/** The report beside the picture: written by its holder, reviewed by another, read by everybody else. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { FileWarning, ScanLine, Signature, Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { commandOf, mayRun } from "../../api/commands.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import { reports } from "../../api/resources/reports.ts";
import type { OrderDetail, Report } from "../../api/types.ts";
import { keysOf } from "../../keys/bindings.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { Note } from "../../ui/Note.tsx";
import { ProblemCard, ProblemNote } from "../../ui/ProblemNote.tsx";
import { SkeletonPage } from "../../ui/Skeletons.tsx";
import { Dialogs } from "./Dialogs.tsx";
import "./report.css";
import { useSignable, useSigning } from "./useSigning.ts";
import { WritingPane } from "./WritingPane.tsx";
import { Written } from "./Written.tsx";

interface Props {
  readonly order: OrderDetail;
  readonly onDone: () => void;
}

/** Nobody holds it: who wants to write takes it first. */
function Claiming({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const claim = useMutation(readingOrders.claim);
  const command = commandOf(order, "claim");
  return (
    <>
      {order.claimed_by !== null && <Note>{t("reading.heldBy", { name: order.claimed_by.name })}</Note>}
      {command?.allowed === true && (
        <CommandButton
          command={command}
          pending={claim.isPending}
          icon={ScanLine}
          look={{ type: "primary", size: "large", block: true }}
          onRun={() => {
            claim.mutate({ id: order.id, version: order.version, key: newKey() });
          }}
        >
          {t("reading.claim")}
        </CommandButton>
      )}
      <ProblemNote failure={claim.error} />
    </>
  );
}

/** The second physician's work, and the author's later correction. */
function Review({ order, report, onDone }: Props & { report: Report }) {
  const { t } = useTranslation();
  const signing = useSigning(report, { version: () => Promise.resolve(report.version), onDone });
  const verify = useSignable(report, "verify", null);
  const waiting = report.state === "signed";
  const ask = () => {
    if (waiting && verify?.allowed === true) signing.ask("verify");
  };
  useKeys("report", { sign: ask });
  return (
    <div className="report-ways">
      {waiting && (
        <>
          <CommandButton
            command={verify}
            onRun={ask}
            icon={Signature}
            keys={keysOf("report", "sign")}
            look={{ type: "primary", size: "large", block: true }}
          >
            {t("reading.verify")}
          </CommandButton>
          <CommandButton
            command={commandOf(report, "send-back")}
            onRun={() => {
              signing.ask("sendBack");
            }}
            icon={Undo2}
            look={{ block: true }}
          >
            {t("reading.sendBack")}
          </CommandButton>
        </>
      )}
      {report.state === "released" && (
        <CommandButton
          command={commandOf(report, "amend")}
          onRun={() => {
            signing.ask("amend");
          }}
          icon={FileWarning}
          look={{ block: true }}
        >
          {t("reading.amend")}
        </CommandButton>
      )}
      <Claiming order={order} />
      <Dialogs signing={signing} order={order} />
    </div>
  );
}

export function ReportPane({ order, onDone }: Props) {
  const { t } = useTranslation();
  const report = useQuery(reports.ofOrder(order.id));
  if (report.isPending) return <SkeletonPage />;
  if (report.isLoadingError)
    return <ProblemCard failure={report.error} safe={t("reading.safeWords")} onRetry={() => void report.refetch()} />;
  if (mayRun(report.data, "edit"))
    return <WritingPane key={report.data.id} order={order} report={report.data} onDone={onDone} />;
  return (
    <>
      <div className="report-body">
        <Written report={report.data} />
      </div>
      <Review order={order} report={report.data} onDone={onDone} />
    </>
  );
}
