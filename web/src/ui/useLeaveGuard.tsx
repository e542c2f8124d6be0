/** Leaving with unsaved work asks first: inside the app by our dialog, closing the tab by the browser's. */
import { App } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker } from "react-router";

/** Closing the tab asks first. */
export function useCloseGuard(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return undefined;
    const warn = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => {
      window.removeEventListener("beforeunload", warn);
    };
  }, [unsaved]);
}

export function useLeaveGuard(unsaved: boolean): void {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => unsaved && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return undefined;
    const dialog = modal.confirm({
      title: t("ui.leave.title"),
      content: t("ui.leave.text"),
      okText: t("ui.leave.stay"),
      cancelText: t("ui.leave.go"),
      onOk: () => {
        blocker.reset();
      },
      onCancel: () => {
        blocker.proceed();
      },
    });
    return () => {
      dialog.destroy();
    };
  }, [blocker, modal, t]);
  useCloseGuard(unsaved);
}
