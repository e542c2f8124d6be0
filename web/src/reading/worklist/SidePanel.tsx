/** The chosen order: what is asked, why it is here, what is doubtful, and what can be done. */
import { ScanLine, Undo2, Unlock } from "lucide-react";
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import { commandOf } from "../../api/commands.ts";
import type { Order } from "../../api/types.ts";
import { keysOf } from "../../keys/bindings.ts";
import { AssistanceTags } from "../../ui/AssistanceTags.tsx";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { Kbd } from "../../ui/Kbd.tsx";
import { Note, type NoteTone } from "../../ui/Note.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { PriorityPlate } from "../../ui/Plate.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { useSpanText } from "../../ui/useSpanText.ts";
import { countOf } from "./model.ts";
import { Priors } from "../room/Priors.tsx";

interface Props {
  readonly order: Order;
  readonly claiming: boolean;
  readonly failure: unknown;
  readonly onOpen: () => void;
  readonly onReturn: () => void;
  readonly onRelease: () => void;
}

const TONES: Readonly<Record<Order["flags"][number]["level"], NoteTone>> = {
  info: "plain",
  warn: "due",
  machine: "machine",
  critical: "over",
};

function useLimitWords(order: Order): string {
  const { t } = useTranslation();
  const span = useSpanText();
  if (order.complete_at === null) return t("reading.notComplete");
  const at = civil(order.complete_at).time;
  if (order.due_at === null || order.limit_minutes === null) return at;
  return t("reading.limit", {
    at,
    until: civil(order.due_at).time,
    limit: span.words(order.limit_minutes * 60_000),
  });
}

function Facts({ order }: { order: Order }) {
  const { t, i18n } = useTranslation();
  const limit = useLimitWords(order);
  const facts: readonly (readonly [string, string])[] = [
    [
      t("reading.fact.what"),
      `${order.modalities.join(" ")} ${order.title} ${t("reading.images", { n: countOf(order) })}`,
    ],
    [t("reading.fact.question"), order.question || t("reading.noQuestion")],
    [t("reading.fact.history"), order.history],
    [t("reading.fact.from"), order.organization.name],
    [t("reading.fact.complete"), limit],
    [t("reading.fact.why"), (i18n.language === "en" ? order.route_reason?.en : order.route_reason?.zh) ?? ""],
  ];
  return (
    <dl className="dl">
      {facts
        .filter(([, words]) => words !== "")
        .map(([name, words]) => (
          <div key={name} className="wl-fact">
            <dt>{name}</dt>
            <dd>{words}</dd>
          </div>
        ))}
    </dl>
  );
}

function Doubts({ order }: { order: Order }) {
  const { t, i18n } = useTranslation();
  return (
    <>
      {order.flags.map((flag) => (
        <Note key={flag.code} tone={TONES[flag.level]}>
          {i18n.language === "en" ? flag.en : flag.zh}
        </Note>
      ))}
      {order.return !== null && <Note tone="due">{t("reading.returnedBecause", { reason: order.return.reason })}</Note>}
    </>
  );
}

function Actions({ order, claiming, failure, onOpen, onReturn, onRelease }: Props) {
  const { t } = useTranslation();
  const claim = commandOf(order, "claim");
  const mine = commandOf(order, "renew")?.allowed === true;
  const claimable = claim?.allowed === true;
  return (
    <div className="wl-actions">
      <ProblemNote failure={failure} />
      <CommandButton
        command={claimable ? claim : { name: "open", allowed: true }}
        pending={claiming}
        onRun={onOpen}
        icon={ScanLine}
        keys={keysOf("worklist", "claim")}
        look={{ type: "primary", block: true, size: "large" }}
      >
        {claimable ? t("reading.claimAndRead") : mine ? t("reading.readOn") : t("reading.look")}
      </CommandButton>
      <div className="wl-two">
        <CommandButton
          command={commandOf(order, "return")}
          onRun={onReturn}
          icon={Undo2}
          keys={keysOf("worklist", "return")}
          look={{ block: true }}
        >
          {t("reading.return")}
        </CommandButton>
        {mine && (
          <CommandButton command={commandOf(order, "release")} onRun={onRelease} icon={Unlock} look={{ block: true }}>
            {t("reading.release")}
          </CommandButton>
        )}
      </div>
      <p className="s12 mut">{t("reading.leaseHint")}</p>
    </div>
  );
}

export function SidePanel(props: Props) {
  const { order } = props;
  const { t } = useTranslation();
  return (
    <aside className="card wl-side" aria-label={t("reading.chosen")}>
      <div className="card-head">
        <h2>{t("reading.chosen")}</h2>
        <span className="sp" />
        <Kbd keys="J" />
        <Kbd keys="K" />
      </div>
      <div className="wl-side-body">
        <div className="row wrap">
          <PriorityPlate priority={order.priority} />
          <PatientName patient={order.patient} size="head" />
          <span className="sp" />
          <AssistanceTags patient={order.patient} />
        </div>
        <Facts order={order} />
        <Doubts order={order} />
        <Priors order={order} />
      </div>
      <Actions {...props} />
    </aside>
  );
}
