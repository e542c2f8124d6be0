/** `/consults/experts`: who may be invited, what they practise, when they can be met; medical affairs keeps it. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Pencil, UserPlus, UsersRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { consults } from "../../api/resources/consults.ts";
import type { Expert } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { Tag } from "../../ui/Tag.tsx";
import "../consult.css";
import { Ways } from "../Ways.tsx";
import { ExpertFormFields } from "./ExpertFormFields.tsx";
import { byHours, byHouse, type HouseOf } from "./form.ts";
import { NewExpert } from "./NewExpert.tsx";

function Line({ expert, onEdit }: { expert: Expert; onEdit: () => void }) {
  const { t } = useTranslation();
  const hours = byHours(expert.hours).map(
    ({ weekdays, hours: when }) => `${weekdays.map((day) => t(`consult.roster.days.${day}`)).join(" ")} ${when}`,
  );
  return (
    <li className="co-row">
      <b className="nw">{expert.name}</b>
      <span className="sub nw">{expert.title}</span>
      <span>{expert.specialties.join(" ")}</span>
      <span className="s13 sub co-second">{hours.length > 0 ? hours.join(" · ") : t("consult.roster.noHours")}</span>
      <span className="sp" />
      <Tag tone={expert.may_answer ? "ok" : "pause"}>
        {expert.may_answer
          ? t("consult.roster.years", { years: String(expert.years) })
          : t("consult.roster.tooNew", { years: String(expert.years) })}
      </Tag>
      {expert.may_edit && (
        <Button
          icon={<Pencil aria-hidden="true" />}
          aria-label={t("consult.roster.edit", { name: expert.name })}
          onClick={onEdit}
        />
      )}
    </li>
  );
}

type Doing = { readonly is: "edit"; readonly expert: Expert } | { readonly is: "add"; readonly organization: string };

function House({ house, onDoing }: { house: HouseOf<Expert>; onDoing: (doing: Doing) => void }) {
  const { t } = useTranslation();
  const mine = house.experts.some(({ may_edit }) => may_edit);
  const add = (
    <Button
      icon={<UserPlus aria-hidden="true" />}
      onClick={() => {
        onDoing({ is: "add", organization: house.id });
      }}
    >
      {t("consult.roster.add")}
    </Button>
  );
  return (
    <Panel title={house.name} flush actions={mine && add}>
      <ul className="items" aria-label={house.name}>
        {house.experts.map((expert) => (
          <Line
            key={expert.id}
            expert={expert}
            onEdit={() => {
              onDoing({ is: "edit", expert });
            }}
          />
        ))}
      </ul>
    </Panel>
  );
}

function Work({ doing, onDone }: { doing: Doing; onDone: () => void }) {
  if (doing.is === "add") return <NewExpert organization={doing.organization} onDone={onDone} />;
  const { expert } = doing;
  return <ExpertFormFields id={expert.id} organization={expert.organization.id} expert={expert} onDone={onDone} />;
}

function Houses() {
  const { t } = useTranslation();
  const [doing, setDoing] = useState<Doing | null>(null);
  const roster = useQuery(consults.experts(""));
  const close = () => {
    setDoing(null);
  };
  if (roster.isPending) return <SkeletonRows rows={6} />;
  if (roster.isError) return <ProblemCard failure={roster.error} onRetry={() => void roster.refetch()} />;
  if (roster.data.items.length === 0)
    return <EmptyState icon={UsersRound} title={t("consult.roster.empty")} text={t("consult.roster.emptyText")} />;
  return (
    <>
      {byHouse(roster.data.items).map((house) => (
        <House key={house.id} house={house} onDoing={setDoing} />
      ))}
      <Sheet
        title={doing?.is === "edit" ? doing.expert.name : t("consult.roster.add")}
        open={doing !== null}
        onClose={close}
      >
        {doing !== null && <Work doing={doing} onDone={close} />}
      </Sheet>
    </>
  );
}

export function ExpertsPage() {
  return (
    <div className="col g12">
      <Ways />
      <Houses />
    </div>
  );
}
