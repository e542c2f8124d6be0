/** Mine and nobody's, beside the picture: the next one without leaving the room. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import { centresOf, hasRole, useUser } from "../../api/resources/session.ts";
import type { Order, OrderPage } from "../../api/types.ts";
import { Kbd } from "../../ui/Kbd.tsx";
import { Holder } from "../../ui/orderTags.tsx";
import { PriorityPlate } from "../../ui/Plate.tsx";
import { OrderClock, What, Who } from "../worklist/columns.tsx";
import { addressOf, nextToClaim } from "../worklist/model.ts";
import { useClaim } from "../worklist/useClaim.ts";

const itemsOf = (page: OrderPage | undefined) => page?.items ?? [];

/** What this person reads for: mine, what waits for a second physician, and nobody's, in her centres. */
export function useRoomOrders() {
  const user = useUser();
  const centre = centresOf(user)
    .map(({ id }) => id)
    .join(",");
  const here = centre === "" ? {} : { centre };
  const mine = useQuery(readingOrders.list({ mine: "1" }));
  const ready = useQuery(readingOrders.list({ state: "ready", ...here }));
  const reviewer = hasRole(user, "reviewing-physician");
  const waiting = useQuery({ ...readingOrders.list({ state: "awaiting-verification", ...here }), enabled: reviewer });
  return {
    mine: itemsOf(mine.data),
    ready: itemsOf(ready.data),
    waiting: itemsOf(waiting.data).filter(({ reader }) => reader?.id !== user.id),
  };
}

function Entry({ order, me, on }: { order: Order; me: string; on: boolean }) {
  return (
    <li>
      <Link
        to={addressOf(order)}
        className={on ? "room-entry room-entry-on" : "room-entry"}
        aria-current={on ? "page" : undefined}
      >
        <span className="row">
          <PriorityPlate priority={order.priority} />
          <span className="ell sp">
            <Who order={order} />
          </span>
          <Holder by={order.claimed_by} me={me} />
        </span>
        <span className="row s13">
          <span className="ell sp sub">
            <What order={order} />
          </span>
          <OrderClock order={order} />
        </span>
      </Link>
    </li>
  );
}

function Entries({ orders, open, me }: { orders: readonly Order[]; open: string; me: string }) {
  return (
    <ul>
      {orders.map((order) => (
        <Entry key={order.id} order={order} me={me} on={order.id === open} />
      ))}
    </ul>
  );
}

export function RoomList({ open }: { open: string }) {
  const { t } = useTranslation();
  const me = useUser().id;
  const { mine, ready, waiting } = useRoomOrders();
  const claim = useClaim();
  const next = nextToClaim(ready);
  return (
    <nav className="room-list" aria-label={t("reading.title")}>
      <h2 className="room-list-head">
        {t("reading.tab.mine")} <span className="wl-count">{mine.length}</span>
        <span className="sp" />
        <Kbd keys="G" />
        <Kbd keys="W" />
      </h2>
      <Entries orders={mine} open={open} me={me} />
      {waiting.length > 0 && (
        <>
          <h2 className="room-list-head">
            {t("reading.tab.awaiting-verification")} <span className="wl-count">{waiting.length}</span>
          </h2>
          <Entries orders={waiting} open={open} me={me} />
        </>
      )}
      <h2 className="room-list-head">
        {t("reading.tab.ready")} <span className="wl-count">{ready.length}</span>
        <span className="sp" />
        <Button
          type="link"
          size="small"
          disabled={next === null}
          onClick={() => {
            if (next !== null) claim.claimOrOpen(next);
          }}
        >
          {t("reading.claimNext")}
        </Button>
      </h2>
      <Entries orders={ready} open={open} me={me} />
      <p className="room-list-foot s12 mut">
        <RefreshCw aria-hidden="true" /> {t("reading.live")}
      </p>
    </nav>
  );
}
