/** Why a command is refused, in words: the catalogue's for a known code, the hub's own sentence otherwise. */
import { useTranslation } from "react-i18next";
import { isErrorCode } from "./problemText.ts";

const LOOKS_LIKE_A_CODE = /^[A-Z][A-Z0-9_]*$/;

export function useReason(): (reason: string) => string {
  const { t } = useTranslation();
  return (reason) => {
    if (isErrorCode(reason)) return t(`errors.${reason}.text`);
    return LOOKS_LIKE_A_CODE.test(reason) ? `${t("errors.OTHER.text")} (${reason})` : reason;
  };
}
