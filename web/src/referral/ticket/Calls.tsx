/** Whom to phone about this patient: the sender, the vehicle, the ward. One tap. */
import { Button } from "antd";
import { Phone } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ReferralDetail } from "../../api/types.ts";

interface Line {
  readonly name: string;
  readonly phone: string;
}

/** Where the patient is received: the bed's own phone, else the house's. */
function receiverOf({ place, to }: ReferralDetail): Line {
  const house: Line = { name: to?.name ?? "", phone: to?.phone ?? "" };
  return place?.kind === "bed" ? { name: place.label, phone: place.phone || house.phone } : house;
}

function useLines(ticket: ReferralDetail): readonly Line[] {
  const { t } = useTranslation();
  const lines: readonly Line[] = [
    ticket.from,
    { name: t("referral.call.vehicle"), phone: ticket.package?.transport.phone ?? "" },
    receiverOf(ticket),
    { name: t("referral.call.patient"), phone: ticket.patient?.phone ?? "" },
  ];
  return lines.filter(({ name, phone }) => name !== "" && phone !== "");
}

/** On the phone one button for the sender; on the desk one each. */
export function Calls({ ticket, only = 4 }: { ticket: ReferralDetail; only?: number }) {
  const { t } = useTranslation();
  return useLines(ticket)
    .slice(0, only)
    .map(({ name, phone }) => (
      <Button
        key={name}
        href={`tel:${phone.replace(/\s/g, "")}`}
        icon={<Phone aria-hidden="true" />}
        aria-label={t("referral.call.label", { name, phone })}
        title={phone}
      >
        {name}
      </Button>
    ));
}
