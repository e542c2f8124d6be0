/** Why a device cannot be had, with what to do about it. */
import { useTranslation } from "react-i18next";
import { browserOf, type Why } from "../../room/link/index.ts";

export function useWhyWords(): (why: Why) => string {
  const { t } = useTranslation();
  return (why) => {
    if (why === "ready") return "";
    if (why === "in-app" && browserOf() === "wechat") return t("room.check.why.wechat");
    return t(`room.check.why.${why}`);
  };
}
