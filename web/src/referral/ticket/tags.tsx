/** Small words on a ticket: green channel, where the patient is received, how ill by numbers. */
import { Ambulance, Bed, Siren, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Reception, Referral } from "../../api/types.ts";
import { Tag } from "../../ui/Tag.tsx";
import { isGreen, isOver } from "../model/stage.ts";
import { spoken } from "../model/places.ts";
import { useTicketWords } from "../useTicketWords.ts";
import "./tags.css";

export function GreenTag({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  if (!isGreen(ticket)) return null;
  return (
    <span className="tag tk-green">
      <Ambulance aria-hidden="true" />
      {ticket.pathway === null
        ? t("referral.green")
        : t("referral.greenOf", { pathway: t(`referral.pathway.${ticket.pathway}`) })}
    </span>
  );
}

function Placed({ place }: { place: Reception }) {
  const { t } = useTranslation();
  const words = useTicketWords();
  const held = place.hold_id !== null;
  return (
    <Tag tone={held ? "dashed" : "line"} icon={place.kind === "bed" ? Bed : Siren}>
      {held ? t("referral.place.keeps", { label: place.label }) : words.place(place)}
    </Tag>
  );
}

const SAID_BY_THE_CLOCK = ["sent", "received"];

/** A held bed is dashed: promised, not yet taken. Without a place the tag says what the ticket lacks. */
export function PlaceTag({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  const words = useTicketWords();
  const { place, state, direction } = ticket;
  if (place !== null) return <Placed place={place} />;
  if (state === "accepted" && direction !== "down") return <Tag tone="due">{t("referral.place.none")}</Tag>;
  if (SAID_BY_THE_CLOCK.includes(state) || isOver(ticket)) return null;
  return <Tag tone={state === "info-needed" ? "pause" : "plain"}>{words.state(state)}</Tag>;
}

/** NEWS2 is an aid that is shown; it never moves a ticket. */
export function News2Tag({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  const { news2 } = ticket;
  if (news2 === null) return null;
  return (
    <Tag tone={news2.total >= 5 ? "due" : "plain"} {...(news2.total >= 5 ? { icon: TriangleAlert } : {})}>
      {t("referral.news2", { total: news2.total })}
    </Tag>
  );
}

/** From whom to which department. */
export function Route({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  const to = ticket.department || ticket.to?.name || ticket.outside_name;
  return <span>{t("referral.route", { from: spoken(ticket.from.name), to: spoken(to) })}</span>;
}
