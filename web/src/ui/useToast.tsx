/** One dark line at the bottom right (top on a phone) that says what happened, for 8 s, with an undo where there is one. */
import { App, Button } from "antd";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useScreen } from "./useScreen.ts";

const SHOWN_S = 8;

export type Toast = (text: string, undo?: () => void) => void;

/** Conflicts are dialogs with the next best choice, never toasts. */
export function useToast(): Toast {
  const { notification } = App.useApp();
  const { t } = useTranslation();
  const screen = useScreen();
  return (text, undo) => {
    const key = text;
    notification.open({
      key,
      title: text,
      icon: <CircleCheck color="var(--toastLink)" aria-hidden="true" />,
      className: "lt-toast",
      placement: screen === "phone" ? "top" : "bottomRight",
      duration: SHOWN_S,
      pauseOnHover: true,
      role: "status",
      ...(undo === undefined
        ? {}
        : {
            actions: (
              <Button
                size="small"
                onClick={() => {
                  notification.destroy(key);
                  undo();
                }}
              >
                {t("ui.undo")}
              </Button>
            ),
          }),
    });
  };
}
