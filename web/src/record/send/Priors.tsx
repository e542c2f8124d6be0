/** What was examined before; the same kind within three days is offered instead of doing it again (互认). */
import { useQuery } from "@tanstack/react-query";
import { Repeat2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { daysBetween, instant, now } from "../../api/clock.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import type { Kind } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { When } from "../../ui/When.tsx";
import { titleOf } from "../orderWords.ts";

const RECENT_DAYS = 3;
const SHOWN = 6;

export function Priors({ patient, kind }: { patient: string; kind: Kind | null }) {
  const { t } = useTranslation();
  const orders = useQuery(readingOrders.list({ patient, state: "" }));
  const before = (orders.data?.items ?? []).toSorted((a, b) => b.created_at.localeCompare(a.created_at));
  if (before.length === 0) return null;
  const recent = before.find(
    (order) =>
      order.kind === kind &&
      order.state !== "cancelled" &&
      daysBetween(instant(order.created_at), now()) <= RECENT_DAYS,
  );
  return (
    <Panel title={t("record.priors.title")}>
      <div className="col">
        <ul className="col g4">
          {before.slice(0, SHOWN).map((order) => (
            <li key={order.id} className="row s13">
              <Tag tone="line">{t(`ui.kind.${order.kind}`)}</Tag>
              <Link to={`/track/${order.id}`} className="ell sp">
                {titleOf(order, t)}
              </Link>
              <span className="mut">
                <When at={order.created_at} />
              </span>
            </li>
          ))}
        </ul>
        {recent !== undefined && (
          <Note tone="ok" icon={Repeat2}>
            {t("record.priors.recent", { number: recent.number })}{" "}
            <Link to={`/track/${recent.id}`}>{t("record.priors.look")}</Link>
          </Note>
        )}
      </div>
    </Panel>
  );
}
