/** A study on its way, like a parcel: whose, what, how long still, and where it is. */
import { Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Order } from "../../api/types.ts";
import { FlagTag, firstFlag } from "../../ui/orderTags.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { PriorityPlate } from "../../ui/Plate.tsx";
import { StageClock } from "../../ui/StageClock.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { Tracker } from "../../ui/Tracker.tsx";
import { useScreen } from "../../ui/useScreen.ts";
import { titleOf } from "../orderWords.ts";
import { ResendButton } from "../track/ResendButton.tsx";
import { nowOf, stepsOf } from "../track/steps.ts";

function Head({ order }: { order: Order }) {
  const { t } = useTranslation();
  const phone = useScreen() === "phone";
  const flag = firstFlag(order.flags);
  const returned = order.state === "returned";
  return (
    <div className="parcel-head">
      <PriorityPlate priority={order.priority} />
      <Link to={`/track/${order.id}`} className="parcel-link">
        <PatientName patient={order.patient} />
      </Link>
      <span className="s13 sub parcel-what">
        {titleOf(order, t)} · {order.number}
      </span>
      {flag !== null && !phone && <FlagTag flag={flag} />}
      {returned && (
        <Tag tone="due" icon={Undo2}>
          {t("ui.order.returned")}
        </Tag>
      )}
      <span className="sp" />
      <StageClock limit={order} />
    </div>
  );
}

export function ParcelRow({ order }: { order: Order }) {
  const { t } = useTranslation();
  const phone = useScreen() === "phone";
  const returned = order.state === "returned";
  return (
    <li className="parcel" data-row={order.id}>
      <Head order={order} />
      {returned ? (
        <div className="row wrap parcel-return">
          <span className="sub">{t("record.desk.quoted", { reason: order.return?.reason ?? "" })}</span>
          <span className="sp" />
          <ResendButton order={order} size="small" />
        </div>
      ) : phone ? (
        <span className="sub s13">{nowOf(order, t)}</span>
      ) : (
        <Tracker steps={stepsOf(order, t)} />
      )}
    </li>
  );
}
