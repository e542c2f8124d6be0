/** The report while it is written: editor, stamp, checks, and the way out by signature. */
import { FileClock, Phone, Signature, Undo2, Unlock } from "lucide-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { commandOf } from "../../api/commands.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import type { OrderDetail, Report } from "../../api/types.ts";
import { keysOf } from "../../keys/bindings.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { Note } from "../../ui/Note.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { ReturnDialog } from "../room/ReturnDialog.tsx";
import { Conflict } from "./Conflict.tsx";
import { Dialogs } from "./Dialogs.tsx";
import { lacksOf, type Draft } from "./draft.ts";
import { Editor } from "./Editor.tsx";
import { SaveStamp } from "./SaveStamp.tsx";
import { useDraft } from "./useDraft.ts";
import { useSignable, useSigning, type Signing } from "./useSigning.ts";

interface Props {
  readonly order: OrderDetail;
  readonly report: Report;
  /** Signed, returned or given back: this one is out of the person's hands. */
  readonly onDone: () => void;
}

/** A critical finding never waits for a signature: whom to call stands here. */
function CallNow({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const { name, phone } = order.contact;
  return (
    <Note tone="over" icon={Phone}>
      {t("reading.callNow", { name })} {phone !== "" && <a href={`tel:${phone}`}>{phone}</a>}
    </Note>
  );
}

function useLack(draft: Draft, kind: OrderDetail["kind"]): string | null {
  const { t } = useTranslation();
  const [lack] = lacksOf(draft.text, kind !== "ecg");
  return lack === undefined ? null : t(`reading.lack.${lack}`);
}

/** Back to the worklist; the draft stays for whoever takes it next. */
function Release({ order, onDone }: Pick<Props, "order" | "onDone">) {
  const { t } = useTranslation();
  const release = useMutation(readingOrders.release);
  return (
    <>
      <CommandButton
        command={commandOf(order, "release")}
        pending={release.isPending}
        onRun={() => {
          // Once it is given back this pane is gone, and its callbacks with it.
          release
            .mutateAsync({ id: order.id, version: order.version, key: newKey() })
            .then(onDone)
            .catch(() => undefined);
        }}
        icon={Unlock}
        look={{ block: true }}
      >
        {t("reading.release")}
      </CommandButton>
      <ProblemNote failure={release.error} />
    </>
  );
}

function Ways({ order, report, onDone, signing, lack }: Props & { signing: Signing; lack: string | null }) {
  const { t } = useTranslation();
  const [returning, setReturning] = useState(false);
  const sign = useSignable(report, "sign", lack);
  const askSign = () => {
    if (sign?.allowed === true) signing.ask("sign");
  };
  const askReturn = () => {
    if (commandOf(order, "return")?.allowed === true) setReturning(true);
  };
  useKeys("report", { sign: askSign, return: askReturn });
  return (
    <div className="report-ways">
      <CommandButton
        command={sign}
        onRun={askSign}
        icon={Signature}
        keys={keysOf("report", "sign")}
        look={{ type: "primary", size: "large", block: true }}
      >
        {t("reading.signAndNext")}
      </CommandButton>
      <div className="wl-two">
        <CommandButton
          command={commandOf(report, "issue-preliminary")}
          pending={signing.preliminary.isPending}
          onRun={signing.issuePreliminary}
          icon={FileClock}
          look={{ block: true }}
        >
          {t("reading.preliminary")}
        </CommandButton>
        <CommandButton
          command={commandOf(order, "return")}
          onRun={askReturn}
          icon={Undo2}
          keys={keysOf("report", "return")}
          look={{ block: true }}
        >
          {t("reading.return")}
        </CommandButton>
        <Release order={order} onDone={onDone} />
      </div>
      <ProblemNote failure={signing.preliminary.error} />
      <p className="s12 mut">{t("reading.twoSigners")}</p>
      <ReturnDialog
        order={returning ? order : null}
        onReturned={onDone}
        onClose={() => {
          setReturning(false);
        }}
      />
    </div>
  );
}

export function WritingPane({ order, report, onDone }: Props) {
  const { draft, tell, saveNow } = useDraft(report);
  const signing = useSigning(report, { version: saveNow, onDone });
  const lack = useLack(draft, order.kind);
  useKeys("report", { save: () => void saveNow() });
  if (draft.saving.at === "conflict")
    return (
      <Conflict
        mine={draft.text}
        theirs={draft.saving.theirs}
        onKeep={(keep) => {
          tell({ it: "resolved", keep });
        }}
      />
    );
  return (
    <>
      <div className="report-body">
        <SaveStamp draft={draft} />
        <Editor
          kind={order.kind}
          text={draft.text}
          report={report}
          onEdit={(changed) => {
            tell({ it: "edited", changed });
          }}
        />
        {draft.text.critical && <CallNow order={order} />}
        {draft.saving.at === "failed" && <ProblemNote failure={draft.saving.failure} />}
      </div>
      <Ways order={order} report={report} onDone={onDone} signing={signing} lack={lack} />
      <Dialogs signing={signing} order={order} />
    </>
  );
}
