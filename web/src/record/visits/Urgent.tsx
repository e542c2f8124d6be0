/** So high that it cannot wait: what to do now, whom to call, and the ticket that the hub drafts on saving. */
import { Button } from "antd";
import { ArrowUpRight, Phone, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useQuery } from "@tanstack/react-query";
import { organizations } from "../../api/resources/organizations.ts";
import type { FollowUp, Organization, Ref } from "../../api/types.ts";

function whomOf(places: readonly Organization[], { id }: Ref): Organization | undefined {
  const own = places.find((place) => place.id === id);
  const above = places.find((place) => place.id === own?.parent_id);
  return own?.kind === "village" ? (above ?? own) : own;
}

/** Who answers a village: its township; a township answers itself. */
function useWhom({ organization }: FollowUp): { readonly name: string; readonly phone: string } {
  const { data } = useQuery(organizations.list);
  return whomOf(data?.items ?? [], organization) ?? { name: organization.name, phone: "" };
}

interface Props {
  readonly visit: FollowUp;
  /** From where it is high, where it is; null for a sign of danger. */
  readonly pressure: FollowUp["urgent_from"] | null;
  readonly pending: boolean;
  readonly onTicket: () => void;
}

export function Urgent({ visit, pressure, pending, onTicket }: Props) {
  const { t } = useTranslation();
  const whom = useWhom(visit);
  return (
    <section className="vs-urgent" role="alert">
      <b>
        <TriangleAlert aria-hidden="true" /> {t(pressure === null ? "visits.urgent.sign" : "visits.urgent.pressure")}
      </b>
      <p>{pressure === null ? t("visits.urgent.stay") : t("visits.urgent.again", { ...pressure })}</p>
      <div className="vs-two">
        {whom.phone !== "" && (
          <Button size="large" icon={<Phone aria-hidden="true" />} href={`tel:${whom.phone.replace(/\s/g, "")}`}>
            {t("visits.urgent.call", { name: whom.name })}
          </Button>
        )}
        <Button size="large" icon={<ArrowUpRight aria-hidden="true" />} loading={pending} onClick={onTicket}>
          {t("visits.urgent.ticket")}
        </Button>
      </div>
    </section>
  );
}
