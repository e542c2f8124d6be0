/** Which bed: the rule's choice first, then those that are free, with what each is for. */
import { useQuery } from "@tanstack/react-query";
import { Form, Radio } from "antd";
import { useTranslation } from "react-i18next";
import { beds } from "../../api/resources/beds.ts";
import type { ReferralCommand } from "../../api/resources/referrals.ts";
import type { Bed, Referral } from "../../api/types.ts";

/** Free beds of the wanted department for this patient's sex; bays take whoever comes and are never held. */
function freeBeds(items: readonly Bed[], { department, needs, patient }: Referral): readonly Bed[] {
  const wanted = needs.department || department;
  const free = items.filter(({ state, kind }) => state === "available" && kind === "bed");
  const here = free.filter((bed) => bed.department === wanted);
  // A department that the board does not know: the person chooses from all.
  const asked = here.length > 0 || items.some((bed) => bed.department === wanted) ? here : free;
  return asked.filter(
    ({ sex }) => sex === "both" || patient === null || patient.sex === "unknown" || sex === patient.sex,
  );
}

const MOST = 8;

export function BedField({ ticket, command }: { ticket: Referral; command: ReferralCommand }) {
  const { t } = useTranslation();
  const board = useQuery(beds.board());
  const free = freeBeds(board.data?.items ?? [], ticket).slice(0, MOST);
  const held = command === "admit" && ticket.place?.kind === "bed" ? ticket.place.label : null;
  const first = held === null ? t("referral.bed.byRule") : t("referral.bed.held", { label: held });
  return (
    <Form.Item name="bed" label={t("referral.field.bed")}>
      <Radio.Group className="tk-beds">
        <Radio value="">{first}</Radio>
        {free.map((bed) => (
          <Radio key={bed.id} value={bed.id}>
            {bed.label}{" "}
            <span className="s12 mut">
              {[t(`referral.pool.${bed.pool}`), t(`referral.sexRule.${bed.sex}`)].join(t("referral.comma"))}
            </span>
          </Radio>
        ))}
      </Radio.Group>
    </Form.Item>
  );
}
