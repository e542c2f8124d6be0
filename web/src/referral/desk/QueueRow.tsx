/** One ticket of the list: rank, level, who, the clock; from where to where and the place; why it stands here. */
import { BedDouble, MessageSquare } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Referral } from "../../api/types.ts";
import { PatientName } from "../../ui/Patient.tsx";
import { TriagePlate } from "../../ui/Plate.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { isYours } from "../model/actions.ts";
import { levelOf, stageOf } from "../model/stage.ts";
import { PlaceTag, Route } from "../ticket/tags.tsx";
import { TicketClock } from "../ticket/TicketClock.tsx";
import { useTicketWords } from "../useTicketWords.ts";

/** Every position has a sentence: the rule's, or what the ticket waits for. */
function Sentence({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  const words = useTicketWords();
  if (ticket.explanation !== null) return words.sentence(ticket.explanation);
  if (ticket.state === "info-needed") return t("referral.asked", { question: ticket.question });
  const stage = stageOf(ticket);
  const waits =
    stage === "acknowledge" && isYours(ticket) ? t("referral.yours") : stage && t(`referral.waits.${stage}`);
  const place = ticket.place === null ? "" : `${words.place(ticket.place)}${t("referral.comma")}`;
  return waits === null ? words.state(ticket.state) : `${place}${waits}`;
}

function Said({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  const { last_message: last } = ticket;
  if (last === null) return null;
  return (
    <span className="rf-said s12 mut ell">
      <MessageSquare aria-hidden="true" />
      {t("referral.said", { name: last.author, text: last.text })}
    </span>
  );
}

interface Props {
  readonly ticket: Referral;
  readonly chosen: boolean;
  readonly gone: boolean;
  readonly onSelect: () => void;
  readonly onOpen: () => void;
}

export function QueueRow({ ticket, chosen, gone, onSelect, onOpen }: Props) {
  const { t } = useTranslation();
  const position = ticket.explanation?.position ?? 0;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    onOpen();
  };
  return (
    <li>
      <button
        type="button"
        data-row={ticket.id}
        className={chosen ? "rf-row rf-row-on" : "rf-row"}
        aria-current={chosen}
        onFocus={onSelect}
        onClick={onOpen}
        onKeyDown={onKeyDown}
      >
        <span className="rf-rank">
          {position > 0 ? (
            <>
              <span className="visually-hidden">{t("referral.position")}</span>
              {position}
            </>
          ) : (
            ticket.place !== null && <BedDouble aria-hidden="true" />
          )}
        </span>
        <span className="rf-lines">
          <span className="row">
            <TriagePlate level={levelOf(ticket)} />
            <PatientName patient={ticket.patient} />
            {ticket.unopened && <span className="rf-dot" role="img" aria-label={t("referral.unopened")} />}
            <span className="sp" />
            {gone ? <Tag tone="pause">{t("referral.left")}</Tag> : <TicketClock ticket={ticket} />}
          </span>
          <span className="row s13">
            <span className="ell sp">
              <Route ticket={ticket} />
            </span>
            <PlaceTag ticket={ticket} />
          </span>
          <span className="s12 sub rf-why">
            <Sentence ticket={ticket} />
          </span>
          <Said ticket={ticket} />
        </span>
      </button>
    </li>
  );
}
