/** A patient who comes home: the hospital's plan, whether we have what he needs, and taking him over. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Check } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { newKey } from "../../api/client.ts";
import { commandOf } from "../../api/commands.ts";
import { referrals } from "../../api/resources/referrals.ts";
import type { Command, ReferralDetail } from "../../api/types.ts";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { Note } from "../../ui/Note.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { StageClock } from "../../ui/StageClock.tsx";
import { useToast } from "../../ui/useToast.tsx";
import { OrElse } from "./Answers.tsx";
import "./home.css";
import { Plan } from "./Plan.tsx";
import { checkedOf, type Checked, type Stock } from "./stock.ts";
import { StockCheck } from "./StockCheck.tsx";
import { staysIn, Where, type Place } from "./Where.tsx";

function useCommand(ticket: ReferralDetail, checked: Checked, bedMissing: boolean): Command | null {
  const { t } = useTranslation();
  const command = commandOf(ticket, "take-over");
  const refuse = (reason: string): Command => ({ name: "take-over", allowed: false, reason });
  if (command?.allowed !== true) return command;
  if (checked.unanswered.length > 0) return refuse(t("township.unanswered", { count: checked.unanswered.length }));
  if (checked.missing.length > 0) return refuse(t("township.lacking", { names: checked.missing.join("、") }));
  return bedMissing ? refuse(t("township.chooseBed")) : command;
}

function Actions({ ticket, checked, place }: { ticket: ReferralDetail; checked: Checked; place: Place }) {
  const { t } = useTranslation();
  const toast = useToast();
  const takeOver = useMutation(referrals.command("take-over"));
  const command = useCommand(ticket, checked, staysIn(ticket) && place.bed === "");
  const run = () => {
    const { medicines, equipment } = checked;
    takeOver.mutate(
      { id: ticket.id, version: ticket.version, key: newKey(), medicines, equipment, bed_id: place.bed, family_doctor_org: place.clinic },
      { onSuccess: () => { toast(t("township.taken", { name: ticket.patient?.name ?? "" })); } },
    ); // prettier-ignore
  };
  return (
    <div className="hm-actions">
      <CommandButton
        command={command}
        icon={Check}
        pending={takeOver.isPending}
        look={{ type: "primary", size: "large" }}
        onRun={run}
      >
        {t("referral.command.take-over")}
      </CommandButton>
      <OrElse ticket={ticket} missing={checked.missing} />
      <span className="s12 mut hm-hint">{t("township.planned")}</span>
      <ProblemNote failure={takeOver.error} />
    </div>
  );
}

function TakingOver({ ticket }: { ticket: ReferralDetail }) {
  const { t } = useTranslation();
  const [stock, setStock] = useState<Stock>({});
  const [place, setPlace] = useState<Place>({ bed: "", clinic: "" });
  const medicines = ticket.plan?.medicines ?? [];
  const equipment = ticket.plan?.equipment ?? [];
  const checked = checkedOf({ medicines, equipment }, stock);
  const all = [...medicines, ...equipment];
  const allHere = () => {
    setStock(Object.fromEntries(all.map((name) => [name, stock[name] ?? "here"])));
  };
  return (
    <>
      <div className="row">
        <h3 className="sp">{t("township.medicines")}</h3>
        {checked.unanswered.length > 0 && (
          <Button size="small" onClick={allHere}>
            {t("township.allHere")}
          </Button>
        )}
      </div>
      <StockCheck names={medicines} stock={stock} onStock={setStock} />
      {equipment.length > 0 && <h3>{t("township.equipment")}</h3>}
      <StockCheck names={equipment} stock={stock} onStock={setStock} />
      <Where ticket={ticket} place={place} onPlace={setPlace} />
      <Actions ticket={ticket} checked={checked} place={place} />
    </>
  );
}

export function TakeOver({ id }: { id: string }) {
  const { t } = useTranslation();
  const ticket = useQuery(referrals.detail(id));
  if (ticket.data === undefined) return <ProblemNote failure={ticket.error} />;
  const it = ticket.data;
  const open = it.state === "handed-over";
  return (
    <Panel
      title={t("township.title")}
      aside={<Link to={`/referrals/${it.id}`}>{`${it.number} · ${it.from.name}`}</Link>}
      actions={
        open && it.deadline_at !== null && <StageClock limit={{ due_at: it.deadline_at, limit_minutes: null }} />
      }
    >
      <div className="col g12">
        {it.state === "info-needed" && <Note tone="due">{t("township.asked", { question: it.question })}</Note>}
        <Plan ticket={it} />
        {open && it.plan !== null && <TakingOver key={it.id} ticket={it} />}
        {it.state === "taken-over" && <Note tone="ok">{t("township.waitsVisit")}</Note>}
      </div>
    </Panel>
  );
}
