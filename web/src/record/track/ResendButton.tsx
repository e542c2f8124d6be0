/** 一键重做: a returned study goes again, with new images of the same order or as it is. */
import { useMutation } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { newKey } from "../../api/client.ts";
import { commandOf } from "../../api/commands.ts";
import { usePending } from "../../api/pending.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import type { Order } from "../../api/types.ts";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { Note } from "../../ui/Note.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { useToast } from "../../ui/useToast.tsx";

function ResendDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const toast = useToast();
  const resend = useMutation(readingOrders.resend);
  const asItIs = () => {
    // By promise: with the answer the order is no longer returned, and this dialog is gone.
    resend.mutateAsync({ id: order.id, version: order.version, key: newKey() }).then(
      () => {
        toast(t("record.resend.done", { centre: order.centre?.name ?? "" }));
        onClose();
      },
      () => undefined,
    );
  };
  return (
    <Modal
      open
      title={t("record.resend.title", { name: order.patient?.name ?? order.number })}
      onCancel={onClose}
      footer={[
        <Button key="as-is" onClick={asItIs} loading={resend.isPending}>
          {t("record.resend.asItIs")}
        </Button>,
        <Button key="new" type="primary" onClick={() => void navigate(`/send?order=${order.id}`)}>
          {t("record.resend.newImages")}
        </Button>,
      ]}
    >
      <div className="col g12">
        <Note tone="due">{t("record.desk.quoted", { reason: order.return?.reason ?? "" })}</Note>
        <p>{t("record.resend.text")}</p>
        <ProblemNote failure={resend.error} />
      </div>
    </Modal>
  );
}

export function ResendButton({ order, size = "middle" }: { order: Order; size?: "small" | "middle" }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const pending = usePending(readingOrders.resend);
  return (
    <>
      <CommandButton
        command={commandOf(order, "resend")}
        icon={RefreshCw}
        look={{ size }}
        pending={pending.has(order.id)}
        onRun={() => {
          setAsking(true);
        }}
      >
        {t("record.resend.button")}
      </CommandButton>
      {asking && (
        <ResendDialog
          order={order}
          onClose={() => {
            setAsking(false);
          }}
        />
      )}
    </>
  );
}
