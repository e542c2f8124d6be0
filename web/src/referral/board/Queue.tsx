/** Who waits for a bed, in the rule's order, each with why. A card is lifted by hand, by H, or by Enter. */
import { GripVertical, Hand } from "lucide-react";
import type { PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { mayRun } from "../../api/commands.ts";
import type { Bed, Referral, ReferralQueue } from "../../api/types.ts";
import { keysOf } from "../../keys/bindings.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Kbd } from "../../ui/Kbd.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { TriagePlate } from "../../ui/Plate.tsx";
import { offered } from "../model/actions.ts";
import { levelOf } from "../model/stage.ts";
import { TicketClock } from "../ticket/TicketClock.tsx";
import { useTicketWords } from "../useTicketWords.ts";
import { WhyLine } from "./WhyLine.tsx";
import { useTicketNeeds } from "./useTicketNeeds.ts";

const SHOWN = 30;

export interface Lifting {
  readonly carried: string | null;
  readonly pending: ReadonlySet<string>;
  readonly onLift: (ticket: Referral) => void;
  readonly onPointerDown: (ticket: Referral, event: PointerEvent) => void;
  readonly onFocus: (id: string) => void;
}

/** What a card says; the same under the pointer. */
export function CardFace({ ticket, offer }: { ticket: Referral; offer: string | null }) {
  const needs = useTicketNeeds();
  return (
    <>
      <span className="row">
        <GripVertical className="bb-grip" aria-hidden="true" />
        <TriagePlate level={levelOf(ticket)} />
        <PatientName patient={ticket.patient} />
        <span className="sp" />
        <TicketClock ticket={ticket} />
      </span>
      <span className="s13 bb-line">{needs(ticket)}</span>
      <WhyLine ticket={ticket} />
      {offer !== null && <span className="s12 okc">{offer}</span>}
    </>
  );
}

function Card({ ticket, offer, lifting }: { ticket: Referral; offer: string | null; lifting: Lifting }) {
  const { t } = useTranslation();
  const words = useTicketWords();
  const command = offered(ticket, "hold-bed");
  const carried = lifting.carried === ticket.id;
  const may = command?.allowed === true;
  return (
    <li
      className={carried ? "bb-card bb-card-lifted" : may ? "bb-card bb-may-lift" : "bb-card"}
      onPointerDown={(event) => {
        if (may) lifting.onPointerDown(ticket, event);
      }}
    >
      <div className="bb-card-body bb-face">
        <CardFace ticket={ticket} offer={offer} />
        {command?.allowed === false && <span className="why">{words.refused(ticket, command)}</span>}
      </div>
      <div className="row bb-card-foot">
        {may && <Lift ticket={ticket} lifting={lifting} />}
        <Link className="s12" to={`/referrals/${ticket.id}`} draggable={false}>
          {ticket.number} {t("beds.queue.open")}
        </Link>
      </div>
    </li>
  );
}

/** The way without a pointer: by finger or by key. */
function Lift({ ticket, lifting }: { ticket: Referral; lifting: Lifting }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className="bb-toggle bb-lift"
      data-ticket={ticket.id}
      aria-pressed={lifting.carried === ticket.id}
      aria-busy={lifting.pending.has(ticket.id)}
      aria-label={t("beds.queue.pick", { name: ticket.patient?.name ?? ticket.number })}
      onClick={() => {
        lifting.onLift(ticket);
      }}
      onFocus={() => {
        lifting.onFocus(ticket.id);
      }}
    >
      <Hand aria-hidden="true" /> {t("beds.queue.lift")}
    </button>
  );
}

interface Props {
  readonly queue: ReferralQueue;
  readonly beds: readonly Bed[];
  readonly lifting: Lifting;
}

export function Queue({ queue, beds, lifting }: Props) {
  const { t } = useTranslation();
  const liftable = queue.items.some((ticket) => mayRun(ticket, "hold-bed"));
  const labels = new Map(beds.map(({ id, label }) => [id, label]));
  const offers = new Map(queue.allotted.map(({ ticket_id, bed_id }) => [ticket_id, bed_id]));
  const offerOf = (ticket: Referral) => {
    if (!mayRun(ticket, "hold-bed")) return null;
    const label = labels.get(offers.get(ticket.id) ?? "");
    return label === undefined ? null : t("beds.queue.offer", { label });
  };
  return (
    <section aria-labelledby="bb-queue">
      <div className="row bb-queue-head">
        <h2 id="bb-queue">{t("beds.queue.title")}</h2>
        <span className="bb-count">{queue.total}</span>
        <span className="sp" />
        {liftable && (
          <span className="s12 mut bb-desk-only">
            <Hand aria-hidden="true" /> {t("beds.queue.hint")} <Kbd keys={keysOf("beds", "lift")} />
          </span>
        )}
      </div>
      {queue.items.length === 0 ? (
        <div className="card">
          <EmptyState title={t("beds.queue.none.title")} text={t("beds.queue.none.text")} />
        </div>
      ) : (
        <ol className="col">
          {queue.items.slice(0, SHOWN).map((ticket) => (
            <Card key={ticket.id} ticket={ticket} offer={offerOf(ticket)} lifting={lifting} />
          ))}
        </ol>
      )}
      {queue.total > SHOWN && <p className="s12 mut">{t("beds.queue.more", { count: queue.total - SHOWN })}</p>}
    </section>
  );
}
