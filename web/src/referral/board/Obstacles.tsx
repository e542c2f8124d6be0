/** The dialogs between a card and a bed: somebody is ahead, the bed was lost, the bed does not fit. Each has a way on. */
import { Button, Input } from "antd";
import { ArrowRight } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { codeOf, Problem } from "../../api/problems.ts";
import type { Bed, ReferralQueue } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useTicketWords } from "../useTicketWords.ts";
import { fitting } from "./model/fit.ts";
import { useBedWords } from "./useBedWords.ts";
import type { Holding, Obstacle } from "./useHolding.ts";

const NEXT_BEST = 3;

type Of<A extends Obstacle["at"]> = Obstacle & { readonly at: A };

const nameOf = ({ ticket }: Obstacle): string => ticket.patient?.name ?? ticket.number;

function OutOfOrder({ obstacle, holding }: { obstacle: Of<"order">; holding: Holding }) {
  const { t } = useTranslation();
  const words = useTicketWords();
  const [reason, setReason] = useState("");
  const id = useId();
  const name = nameOf(obstacle);
  return (
    <div className="col g12">
      <p>{t("beds.order.text", { label: obstacle.bed.label })}</p>
      <ul className="col g4">
        {obstacle.ahead.map((ticket) => (
          <li key={ticket.id}>
            <b>{t("beds.queue.rank", { position: ticket.explanation?.position ?? 0 })}</b>{" "}
            {ticket.patient?.name ?? ticket.number}{" "}
            <span className="sub s13">{ticket.explanation !== null && words.sentence(ticket.explanation)}</span>
          </li>
        ))}
      </ul>
      <Note tone="due">{t("beds.order.may", { name })}</Note>
      <div className="col g4">
        <label htmlFor={id}>{t("beds.order.reason")}</label>
        <Input.TextArea
          id={id}
          rows={2}
          maxLength={2000}
          value={reason}
          onChange={(event) => {
            setReason(event.target.value);
          }}
        />
      </div>
      <div className="sheet-foot">
        <Button onClick={holding.leave}>{t("beds.order.stay")}</Button>
        <Button
          type="primary"
          loading={holding.pending.has(obstacle.ticket.id)}
          onClick={() => {
            holding.hold(obstacle, reason.trim());
          }}
        >
          {t("beds.order.go", { name })}
        </Button>
      </div>
    </div>
  );
}

/** The hub's own sentence about a bed that does not fit; about anything else, the catalogue's. */
function Why({ failure }: { failure: unknown }) {
  const { i18n } = useTranslation();
  const facts = failure instanceof Problem ? failure.facts : {};
  const said = facts[i18n.language === "en" ? "en" : "zh"];
  if (typeof said === "string" && said !== "") return <Note tone="due">{said}</Note>;
  return codeOf(failure) === "BED_TAKEN" ? null : <ProblemNote failure={failure} />;
}

interface NextProps {
  readonly obstacle: Of<"misfit"> | Of<"refused">;
  readonly holding: Holding;
  readonly beds: readonly Bed[];
  readonly queue: ReferralQueue | undefined;
}

function NextBest({ obstacle, holding, beds, queue }: NextProps) {
  const { t } = useTranslation();
  const words = useBedWords();
  const { ticket, bed } = obstacle;
  const offered = queue?.allotted.find(({ ticket_id }) => ticket_id === ticket.id)?.bed_id ?? null;
  const now = beds.find(({ id }) => id === bed.id);
  const others = fitting(ticket, beds, offered).filter(({ id }) => id !== bed.id);
  return (
    <div className="col g12">
      {obstacle.at === "misfit" ? (
        <Note tone="due">{`${bed.label} ${words.misfit(obstacle.rule, bed)}`}</Note>
      ) : (
        <Why failure={obstacle.failure} />
      )}
      {now?.hold != null && <Note>{words.detail(now)}</Note>}
      <p>{others.length === 0 ? t("beds.next.none") : t("beds.next.waits", { name: nameOf(obstacle) })}</p>
      {others.slice(0, NEXT_BEST).map((other) => (
        <Button
          key={other.id}
          block
          type={other.id === others[0]?.id ? "primary" : "default"}
          loading={holding.pending.has(ticket.id)}
          icon={<ArrowRight aria-hidden="true" />}
          onClick={() => {
            holding.leave();
            holding.drop(ticket, other.id);
          }}
        >
          {t("beds.next.hold", {
            label: other.label,
            what: `${words.about(other)} ${t(`referral.pool.${other.pool}`)}`,
          })}
        </Button>
      ))}
      <div className="sheet-foot">
        <Button onClick={holding.leave}>{t("beds.next.leave")}</Button>
      </div>
    </div>
  );
}

function useTitle(obstacle: Obstacle | null): string {
  const { t } = useTranslation();
  if (obstacle === null) return "";
  const { label } = obstacle.bed;
  if (obstacle.at === "order") return t("beds.order.title");
  if (obstacle.at === "misfit" || codeOf(obstacle.failure) !== "BED_TAKEN") return t("beds.next.unsuitable", { label });
  return t("beds.next.taken", { label });
}

export function Obstacles({ holding, beds, queue }: Omit<NextProps, "obstacle">) {
  const { obstacle } = holding;
  const title = useTitle(obstacle);
  return (
    <Sheet title={title} open={obstacle !== null} onClose={holding.leave}>
      {obstacle?.at === "order" && <OutOfOrder obstacle={obstacle} holding={holding} />}
      {obstacle !== null && obstacle.at !== "order" && (
        <NextBest obstacle={obstacle} holding={holding} beds={beds} queue={queue} />
      )}
    </Sheet>
  );
}
