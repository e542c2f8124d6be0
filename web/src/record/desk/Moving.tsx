/** My patients on the way: studies and tickets in one list, the next deadline first. */
import { useQuery } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import { Inbox } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { instant, now } from "../../api/clock.ts";
import { referrals } from "../../api/resources/referrals.ts";
import { hasRole, useUser } from "../../api/resources/session.ts";
import type { Order, Overview, Referral } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ParcelRow } from "./ParcelRow.tsx";
import { TicketRow } from "./TicketRow.tsx";

const SHOWN = ["all", "studies", "tickets", "returned", "late"] as const;
type Shown = (typeof SHOWN)[number];

interface Item {
  readonly due: string | null;
  readonly returned: boolean;
  readonly kind: "studies" | "tickets";
  readonly row: ReactNode;
}

const ofOrder = (order: Order): Item => ({
  due: order.due_at,
  returned: order.state === "returned",
  kind: "studies",
  row: <ParcelRow key={order.id} order={order} />,
});

const ofTicket = (ticket: Referral): Item => ({
  due: ticket.deadline_at,
  returned: ticket.state === "info-needed",
  kind: "tickets",
  row: <TicketRow key={ticket.id} ticket={ticket} />,
});

function fits(item: Item, shown: Shown): boolean {
  if (shown === "all") return true;
  if (shown === "returned") return item.returned;
  if (shown === "late") return item.due !== null && !item.returned && instant(item.due) < now();
  return item.kind === shown;
}

export function Moving({ moving }: Pick<Overview, "moving">) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const refers = hasRole(useUser(), "township-doctor", "family-doctor");
  const tickets = useQuery({ ...referrals.list({ box: "out", limit: 100 }), enabled: refers });
  const [shown, setShown] = useState<Shown>("all");
  const items = [...moving.map(ofOrder), ...(tickets.data?.items ?? []).map(ofTicket)].toSorted((a, b) =>
    (a.due ?? "9").localeCompare(b.due ?? "9"),
  );
  const rows = items.filter((item) => fits(item, shown));
  return (
    <Panel
      title={t("record.desk.moving")}
      aside={t("record.desk.movingHint", { count: items.length })}
      flush
      actions={
        <Segmented<Shown>
          value={shown}
          onChange={setShown}
          options={SHOWN.map((value) => ({ value, label: t(`record.desk.shown.${value}`) }))}
        />
      }
    >
      {rows.length === 0 ? (
        <EmptyState icon={Inbox} title={t("record.desk.none")} text={t("record.desk.noneText")}>
          <Button type="primary" onClick={() => void navigate("/send")}>
            {t("record.ways.send")}
          </Button>
        </EmptyState>
      ) : (
        <ul aria-label={t("record.desk.moving")}>{rows.map(({ row }) => row)}</ul>
      )}
    </Panel>
  );
}
