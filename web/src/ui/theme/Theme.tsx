/** Wraps the app once: Ant Design in our tokens and language, our variables beside it, the CSP's nonce for its styles. */
import { App, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useLayoutEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ANTD } from "./antd.ts";
import "./tokens.css";
import "./base.css";
import "./antd.css";

export type Mode = "light" | "dark";

function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
}

export function Theme({ mode, children }: { mode: Mode; children: ReactNode }) {
  const { i18n } = useTranslation();
  useLayoutEffect(() => {
    document.documentElement.dataset["theme"] = mode;
  }, [mode]);
  return (
    <ConfigProvider
      locale={i18n.language === "en" ? enUS : zhCN}
      theme={ANTD[mode]}
      csp={{ nonce: nonce() }}
      // Without it two-character words are written "接 收", and nobody finds the button by its name.
      button={{ autoInsertSpace: false }}
    >
      <App className="lt-app">{children}</App>
    </ConfigProvider>
  );
}
