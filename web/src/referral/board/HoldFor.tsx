/** For whom a free bed could be held, first in the rule's order first: one choice, one button. */
import { Button } from "antd";
import { Bed as BedIcon } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mayRun } from "../../api/commands.ts";
import type { Bed, Referral } from "../../api/types.ts";
import { PatientName } from "../../ui/Patient.tsx";
import { TriagePlate } from "../../ui/Plate.tsx";
import { levelOf } from "../model/stage.ts";
import { TicketClock } from "../ticket/TicketClock.tsx";
import { WhyLine } from "./WhyLine.tsx";
import { misfitOf } from "./model/fit.ts";
import type { Holding } from "./useHolding.ts";

const SHOWN = 5;

function Choice({ ticket, chosen, onChoose }: { ticket: Referral; chosen: boolean; onChoose: () => void }) {
  return (
    <label className="bb-choice">
      <input type="radio" name="bb-for" checked={chosen} onChange={onChoose} />
      <span className="bb-face">
        <span className="row wrap">
          <TriagePlate level={levelOf(ticket)} />
          <PatientName patient={ticket.patient} />
          <span className="sp" />
          <TicketClock ticket={ticket} />
        </span>
        <WhyLine ticket={ticket} />
      </span>
    </label>
  );
}

interface Props {
  readonly bed: Bed;
  readonly waiting: readonly Referral[];
  readonly holding: Holding;
  readonly onHold: (ticket: Referral) => void;
}

export function HoldFor({ bed, waiting, holding, onHold }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const may = waiting.filter((ticket) => mayRun(ticket, "hold-bed"));
  const suited = may.filter((ticket) => misfitOf(ticket, bed) === null).slice(0, SHOWN);
  const ticket = suited.find(({ id }) => id === chosen) ?? suited[0];
  if (may.length === 0) return null;
  if (ticket === undefined) return <p className="s13 mut">{t("beds.sheet.nobody")}</p>;
  return (
    <section className="col" aria-labelledby="bb-for">
      <h3 id="bb-for">{t("beds.sheet.forWhom")}</h3>
      <div className="col" role="radiogroup" aria-labelledby="bb-for">
        {suited.map((it) => (
          <Choice
            key={it.id}
            ticket={it}
            chosen={it.id === ticket.id}
            onChoose={() => {
              setChosen(it.id);
            }}
          />
        ))}
      </div>
      <Button
        type="primary"
        size="large"
        block
        icon={<BedIcon aria-hidden="true" />}
        loading={holding.pending.has(ticket.id)}
        onClick={() => {
          onHold(ticket);
        }}
      >
        {t("beds.sheet.hold")}
      </Button>
    </section>
  );
}
