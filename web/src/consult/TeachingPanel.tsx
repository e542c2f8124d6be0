/** Whether a class may look on at this consult: opened with the patient's written word and names, closed by a press. */
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { GraduationCap } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../api/client.ts";
import { commandOf, mayRun } from "../api/commands.ts";
import { classes } from "../api/resources/classes.ts";
import type { ConsultDetail, Teaching } from "../api/types.ts";
import { CommandButton } from "../ui/CommandButton.tsx";
import { Panel } from "../ui/Panel.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { TeachingForm } from "./TeachingForm.tsx";

function Open({ teaching }: { teaching: Teaching }) {
  const { t } = useTranslation();
  const named = [...teaching.organizations, ...teaching.people].map(({ name }) => name).join("、");
  return (
    <p>
      <b>{named}</b>
      <span className="mut s13"> · {t("consult.teaching.agreed", { by: teaching.consent_by })}</span>
    </p>
  );
}

export function TeachingPanel({ consult }: { consult: ConsultDetail }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const close = useMutation(classes.close);
  const { teaching } = consult;
  const runs = teaching?.open === true;
  const mayOpen = mayRun(consult, "open-class");
  if (!runs && !mayOpen) return null;
  return (
    <Panel title={t("consult.teaching.title")} aside={t("consult.teaching.hint")}>
      {runs && <Open teaching={teaching} />}
      <div className="co-bar">
        {mayOpen && (
          <Button
            icon={<GraduationCap aria-hidden="true" />}
            onClick={() => {
              setOpen(true);
            }}
          >
            {t(runs ? "consult.teaching.change" : "consult.teaching.open")}
          </Button>
        )}
        {runs && (
          <CommandButton
            command={commandOf(consult, "close-class")}
            pending={close.isPending}
            look={{ danger: true }}
            onRun={() => {
              close.mutate({ id: consult.id, version: consult.version, key: newKey() });
            }}
          >
            {t("room.class.end")}
          </CommandButton>
        )}
      </div>
      <ProblemNote failure={close.error} />
      <Sheet
        title={t("consult.teaching.open")}
        open={open}
        onClose={() => {
          setOpen(false);
        }}
      >
        <TeachingForm
          consult={consult}
          onDone={() => {
            setOpen(false);
          }}
        />
      </Sheet>
    </Panel>
  );
}
