/** Taking an order back, with a reason; where somebody has begun to read, it is a request. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { commandOf } from "../../api/commands.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import type { Order } from "../../api/types.ts";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { ReasonDialog } from "../ReasonDialog.tsx";

export function CancelButton({ order }: { order: Order }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const cancel = useMutation(readingOrders.cancel);
  const command = commandOf(order, "cancel");
  // A step that no longer makes sense is no lock to explain: it is gone.
  if (command?.allowed !== true) return null;
  return (
    <>
      <CommandButton
        command={command}
        look={{ type: "text" }}
        pending={cancel.isPending}
        onRun={() => {
          setAsking(true);
        }}
      >
        {t("record.track.cancel")}
      </CommandButton>
      {asking && (
        <ReasonDialog
          title={t("record.track.cancelTitle")}
          text={t("record.track.cancelText")}
          submit={t("record.track.cancel")}
          failure={cancel.error}
          pending={cancel.isPending}
          danger
          onClose={() => {
            setAsking(false);
          }}
          onReason={(reason) => {
            cancel.mutate(
              { id: order.id, version: order.version, key: newKey(), reason },
              {
                onSuccess: () => {
                  setAsking(false);
                },
              },
            );
          }}
        />
      )}
    </>
  );
}
