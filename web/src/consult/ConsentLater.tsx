/** An emergency went on before the patient's written word was there: it is written down here, within a day. */
import { useMutation } from "@tanstack/react-query";
import { Button, Form } from "antd";
import { FileSignature } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mayRun } from "../api/commands.ts";
import { consults } from "../api/resources/consults.ts";
import type { ConsultDetail } from "../api/types.ts";
import { Note } from "../ui/Note.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { Paper } from "./Paper.tsx";

interface Written {
  readonly by: string;
  readonly relation?: string;
  readonly document?: string;
}

type Application = NonNullable<ConsultDetail["application"]>;

function PaperForm({
  consult,
  application,
  onDone,
}: {
  consult: ConsultDetail;
  application: Application;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const edit = useMutation(consults.edit);
  return (
    <Form<Written>
      layout="vertical"
      onFinish={({ by, relation = "", document = "" }) => {
        // Who approved going on stays on record beside the paper.
        const consent = { ...application.consent, written: true, by, relation, document };
        edit.mutate(
          { id: consult.id, version: consult.version, body: { ...application, consent } },
          { onSuccess: onDone },
        );
      }}
    >
      <Paper />
      <ProblemNote failure={edit.error} />
      <Button type="primary" htmlType="submit" loading={edit.isPending}>
        {t("consult.ask.done")}
      </Button>
    </Form>
  );
}

export function ConsentLater({ consult }: { consult: ConsultDetail }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { application } = consult;
  if (application === null || application.consent.written || !mayRun(consult, "edit")) return null;
  const close = () => {
    setOpen(false);
  };
  return (
    <>
      <Note tone="due">
        <div className="row wrap">
          <span className="sp">{t("consult.later.owed")}</span>
          <Button
            icon={<FileSignature aria-hidden="true" />}
            onClick={() => {
              setOpen(true);
            }}
          >
            {t("consult.later.write")}
          </Button>
        </div>
      </Note>
      <Sheet title={t("consult.later.write")} open={open} onClose={close}>
        <PaperForm consult={consult} application={application} onDone={close} />
      </Sheet>
    </>
  );
}
