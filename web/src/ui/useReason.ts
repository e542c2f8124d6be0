/** Why a command is refused, in words: the catalogue's for a known code, the hub's own sentence otherwise. */
import { useTranslation } from "react-i18next";
import type { ui } from "../i18n/zh-CN/ui.ts";

type Reason = keyof typeof ui.reason;

const KNOWN: ReadonlySet<string> = new Set<Reason>([
  "STATE",
  "SAME_SIGNER",
  "NOT_CLAIMED",
  "CLAIMED_BY_OTHER",
  "NO_RIGHT",
  "TITLE_INSUFFICIENT",
  "OFFLINE",
  "NOT_COMPLETE",
  "OTHER",
]);

function isReason(code: string): code is Reason {
  return KNOWN.has(code);
}

const LOOKS_LIKE_A_CODE = /^[A-Z][A-Z0-9_]*$/;

export function useReason(): (reason: string) => string {
  const { t } = useTranslation();
  return (reason) => {
    if (isReason(reason)) return t(`ui.reason.${reason}`);
    return LOOKS_LIKE_A_CODE.test(reason) ? `${t("ui.reason.OTHER")} (${reason})` : reason;
  };
}
