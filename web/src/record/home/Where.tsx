/** Which bed for who stays in, and whose family doctor follows: a clinic of this township, or it itself. */
import { useQuery } from "@tanstack/react-query";
import { Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import { beds } from "../../api/resources/beds.ts";
import { organizations } from "../../api/resources/organizations.ts";
import type { ReferralDetail } from "../../api/types.ts";

export interface Place {
  readonly bed: string;
  readonly clinic: string;
}

interface Props {
  readonly here: string;
  readonly place: Place;
  readonly onPlace: (place: Place) => void;
}

/** In a township bed, under rehabilitation or daily rounds. */
export function staysIn({ plan }: ReferralDetail): boolean {
  return plan !== null && (plan.inpatient || plan.cloud_ward);
}

function BedField({ here, place, onPlace }: Props) {
  const { t } = useTranslation();
  const board = useQuery(beds.board({ org: here, state: "available" }));
  return (
    <Form.Item label={t("township.bed")} htmlFor="hm-bed">
      <Select
        id="hm-bed"
        size="large"
        value={place.bed || null}
        placeholder={t("township.chooseBed")}
        notFoundContent={t("township.noBed")}
        options={(board.data?.items ?? []).map(({ id, label }) => ({ value: id, label }))}
        onChange={(bed) => {
          onPlace({ ...place, bed });
        }}
      />
    </Form.Item>
  );
}

function ClinicField({ here, place, onPlace }: Props) {
  const { t } = useTranslation();
  const { data } = useQuery(organizations.list);
  const clinics = (data?.items ?? []).filter(({ id, parent_id }) => id === here || parent_id === here);
  return (
    <Form.Item label={t("township.clinic")} htmlFor="hm-clinic">
      <Select
        id="hm-clinic"
        size="large"
        value={place.clinic || here}
        options={clinics.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(clinic) => {
          onPlace({ ...place, clinic });
        }}
      />
    </Form.Item>
  );
}

export function Where({ ticket, place, onPlace }: Omit<Props, "here"> & { ticket: ReferralDetail }) {
  const here = ticket.to?.id ?? "";
  return (
    <Form layout="vertical" component="div" className="hm-where">
      {staysIn(ticket) && <BedField here={here} place={place} onPlace={onPlace} />}
      <ClinicField here={here} place={place} onPlace={onPlace} />
    </Form>
  );
}
