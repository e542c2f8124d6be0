/** From where to which department, and what the bed must have, in one line. */
import { useTranslation } from "react-i18next";
import type { Referral } from "../../api/types.ts";
import { beds as zh } from "../../i18n/zh-CN/beds.ts";

type Device = Exclude<keyof typeof zh.can, "isolation">;

function isDevice(word: string): word is Device {
  return word !== "isolation" && Object.hasOwn(zh.can, word);
}

export function useTicketNeeds(): (ticket: Referral) => string {
  const { t } = useTranslation();
  return ({ from, needs, department, travel_minutes }) => {
    const devices = needs.devices.map((word) => (isDevice(word) ? t(`beds.can.${word}`) : word)).join("、");
    return [
      t("beds.queue.to", { from: from.name, department: needs.department || department }),
      needs.icu ? t("beds.queue.needs.icu") : "",
      needs.isolation ? t("beds.queue.needs.isolation") : "",
      devices === "" ? "" : t("beds.queue.needs.devices", { devices }),
      travel_minutes > 0 ? t("beds.queue.road", { minutes: travel_minutes }) : "",
    ]
      .filter(Boolean)
      .join("，");
  };
}
