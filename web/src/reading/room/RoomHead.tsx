/** Who it is and what is asked, above the report; after a signature the focus comes here, on the next name. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { OrderDetail } from "../../api/types.ts";
import { FlagTag } from "../../ui/orderTags.tsx";
import { PriorityPlate } from "../../ui/Plate.tsx";
import { StageClock } from "../../ui/StageClock.tsx";
import { Who } from "../worklist/columns.tsx";

export function RoomHead({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    head.current?.focus();
  }, [order.id]);
  return (
    <header className="room-head">
      <div className="row wrap">
        <PriorityPlate priority={order.priority} />
        <h2 ref={head} tabIndex={-1} className="room-name">
          <Who order={order} />
        </h2>
        <span className="sp" />
        <StageClock limit={{ ...order, done_at: order.final_at }} size="box" />
      </div>
      <p className="s13 sub">
        {t("reading.asks", { place: order.organization.name })}
        {order.history} <b className="room-question">{order.question || t("reading.noQuestion")}</b>
      </p>
      {order.flags.length > 0 && (
        <span className="row wrap">
          {order.flags.map((flag) => (
            <FlagTag key={flag.code} flag={flag} />
          ))}
        </span>
      )}
    </header>
  );
}
