/** Who is on the road to the wards, who has come, and who goes home: the ward's part of a ticket's way. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { Ambulance, DoorOpen, Hospital } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import { newKey } from "../../api/client.ts";
import { usePending } from "../../api/pending.ts";
import { referrals } from "../../api/resources/referrals.ts";
import type { Bed, Referral, Ward } from "../../api/types.ts";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { TriagePlate } from "../../ui/Plate.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { offered } from "../model/actions.ts";
import { levelOf } from "../model/stage.ts";
import { fitting } from "./model/fit.ts";

const COMING = "en-route,arrived,admitted";
const PACE = 50;

/** What the ward does about a ticket, in the order of its way. */
const STEPS = ["admit", "arrive", "discharge"] as const;
type Step = (typeof STEPS)[number];

const FACES = {
  "en-route": { icon: Ambulance, tone: "brand" },
  arrived: { icon: DoorOpen, tone: "due" },
  admitted: { icon: Hospital, tone: "plain" },
} as const;

interface Moving {
  readonly ticket: Referral;
  readonly name: Step;
  /** Free beds that suit, for who comes without a held one. */
  readonly free: readonly Bed[];
}

/** Discharging cannot be taken back: it is asked for twice. */
function Sure({ onYes, onNo }: { onYes: () => void; onNo: () => void }) {
  const { t } = useTranslation();
  return (
    <span className="row" role="group" aria-label={t("beds.arrivals.sure")}>
      <span className="s13">{t("beds.arrivals.sure")}</span>
      <Button size="small" type="primary" onClick={onYes}>
        {t("beds.arrivals.yes")}
      </Button>
      <Button size="small" onClick={onNo}>
        {t("beds.form.back")}
      </Button>
    </span>
  );
}

function useMove({ ticket, name }: Pick<Moving, "ticket" | "name">) {
  const command = referrals.command(name);
  const act = useMutation(command);
  const pending = usePending(command);
  return {
    failure: act.error,
    pending: pending.has(ticket.id),
    run: (bed: string) => {
      const words = name === "admit" && bed !== "" ? { bed_id: bed } : {};
      act.mutate({ id: ticket.id, version: ticket.version, key: newKey(), ...words });
    },
  };
}

/** Who comes without a held bed gets one of those that are free and suit. */
function Admit({ ticket, free }: Omit<Moving, "name">) {
  const { t } = useTranslation();
  const { failure, pending, run } = useMove({ ticket, name: "admit" });
  const [chosen, setChosen] = useState("");
  const choosing = ticket.place?.kind !== "bed" && free.length > 0;
  const bed = choosing ? chosen || (free[0]?.id ?? "") : "";
  return (
    <>
      {choosing && (
        <Select
          size="small"
          aria-label={t("beds.arrivals.bed")}
          value={bed}
          options={free.map(({ id, label }) => ({ value: id, label }))}
          onChange={setChosen}
        />
      )}
      <CommandButton
        command={offered(ticket, "admit")}
        pending={pending}
        look={{ size: "small", type: "primary" }}
        onRun={() => {
          run(bed);
        }}
      >
        {t("referral.command.admit")}
      </CommandButton>
      <ProblemNote failure={failure} />
    </>
  );
}

function Discharge({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  const { failure, pending, run } = useMove({ ticket, name: "discharge" });
  const [sure, setSure] = useState(false);
  const ask = (asked: boolean) => () => {
    setSure(asked);
  };
  return (
    <>
      {sure ? (
        <Sure
          onYes={() => {
            setSure(false);
            run("");
          }}
          onNo={ask(false)}
        />
      ) : (
        <CommandButton
          command={offered(ticket, "discharge")}
          pending={pending}
          look={{ size: "small" }}
          onRun={ask(true)}
        >
          {t("referral.command.discharge")}
        </CommandButton>
      )}
      <ProblemNote failure={failure} />
    </>
  );
}

function Arrive({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  const { failure, pending, run } = useMove({ ticket, name: "arrive" });
  return (
    <>
      <CommandButton
        command={offered(ticket, "arrive")}
        pending={pending}
        look={{ size: "small" }}
        onRun={() => {
          run("");
        }}
      >
        {t("referral.command.arrive")}
      </CommandButton>
      <ProblemNote failure={failure} />
    </>
  );
}

function Move({ ticket, name, free }: Moving) {
  if (offered(ticket, name)?.allowed !== true) return null;
  switch (name) {
    case "admit":
      return <Admit ticket={ticket} free={free} />;
    case "discharge":
      return <Discharge ticket={ticket} />;
    case "arrive":
      return <Arrive ticket={ticket} />;
  }
}

function Row({ ticket, beds }: { ticket: Referral; beds: readonly Bed[] }) {
  const { t } = useTranslation();
  const face = ticket.state in FACES ? FACES[ticket.state as keyof typeof FACES] : FACES.admitted;
  const { place } = ticket;
  return (
    <li className="bb-coming">
      <TriagePlate level={levelOf(ticket)} />
      <PatientName patient={ticket.patient} />
      <Tag tone={face.tone} icon={face.icon}>
        {t(`referral.state.${ticket.state}`)}
      </Tag>
      <span className="s13 sub">
        {place?.kind === "bed" ? t("beds.arrivals.place", { place: place.label }) : t("beds.arrivals.noPlace")}
        {ticket.state === "en-route" &&
          ticket.expected_arrival_at !== null &&
          `，${t("beds.arrivals.due", { time: civil(ticket.expected_arrival_at).time })}`}
      </span>
      {STEPS.map((name) => (
        <Move key={name} ticket={ticket} name={name} free={fitting(ticket, beds)} />
      ))}
    </li>
  );
}

const RANK: Readonly<Record<string, number>> = { arrived: 0, "en-route": 1 };

/** Those who wait at the door first, then the road, then who may go home. */
function inOrder(tickets: readonly Referral[]): readonly Referral[] {
  return [...tickets].sort((a, b) => (RANK[a.state] ?? 2) - (RANK[b.state] ?? 2) || a.triage_level - b.triage_level);
}

interface Props {
  readonly house: string;
  readonly ward: Ward | null;
  readonly beds: readonly Bed[];
}

/** For one ward, or for the whole house; nobody comes or goes: nothing is drawn. */
export function Arrivals({ house, ward, beds }: Props) {
  const { t } = useTranslation();
  const { data } = useQuery(referrals.list({ state: COMING, limit: PACE }));
  const department = ward?.department ?? "";
  const here = (data?.items ?? []).filter(
    ({ to, direction, department: wanted, needs }) =>
      to?.id === house && direction !== "down" && (department === "" || (needs.department || wanted) === department),
  );
  if (here.length === 0) return null;
  return (
    <section className="card bb-arrivals" aria-labelledby="bb-arrivals">
      <h2 id="bb-arrivals" className="bb-h3">
        {t("beds.arrivals.title")} <span className="bb-count">{here.length}</span>
      </h2>
      <ul>
        {inOrder(here).map((ticket) => (
          <Row key={ticket.id} ticket={ticket} beds={beds} />
        ))}
      </ul>
    </section>
  );
}
