/** How long until the next person is late, and what is waited for. */
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import type { Referral } from "../../api/types.ts";
import { StageClock } from "../../ui/StageClock.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { useSpanText } from "../../ui/useSpanText.ts";
import { isOver, limitOf, stageOf } from "../model/stage.ts";

/** In a row: ring and digits; of a ticket that is over, how it ended. */
export function TicketClock({ ticket, brief = false }: { ticket: Referral; brief?: boolean }) {
  const { t } = useTranslation();
  if (isOver(ticket) || ticket.deadline_at === null)
    return <Tag tone="pause">{t(`referral.state.${ticket.state}`)}</Tag>;
  return <StageClock limit={limitOf(ticket)} brief={brief} />;
}

/** In a head: large, with what is waited for, the limit and the wall time beneath. */
export function HeadClock({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  const span = useSpanText();
  const stage = stageOf(ticket);
  if (stage === null || ticket.deadline_at === null) return <TicketClock ticket={ticket} />;
  const limit = limitOf(ticket);
  const time = civil(ticket.deadline_at).time;
  const words = t(`referral.stage.${stage}`);
  return (
    <span className="deadline tk-deadline">
      <StageClock limit={limit} size="head" />
      <span className="s12 mut">
        {limit.limit_minutes === null
          ? t("referral.until", { words, time })
          : t("referral.within", { words, limit: span.words(limit.limit_minutes * 60_000), time })}
      </span>
    </span>
  );
}
