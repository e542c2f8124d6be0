/** The visit while it is written; the urgent band stands under the numbers that raised it. */
import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { commandOf } from "../../api/commands.ts";
import { waitsForLine } from "../../api/pending.ts";
import type { FollowUp } from "../../api/types.ts";
import { useLine } from "../../live/index.ts";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { isHigh, isUrgent, limitOf, type Fault, type Visit } from "./form.ts";
import { Saved } from "./Saved.tsx";
import { Urgent } from "./Urgent.tsx";
import { useVisit } from "./useVisit.ts";
import { Asked, More, Pressure } from "./VisitForm.tsx";

type Visiting = ReturnType<typeof useVisit>;

function useFaultText(): (fault: Fault | null) => string | null {
  const { t } = useTranslation();
  return (fault) => {
    if (fault === null) return null;
    if (fault.code !== "RANGE") return t(`visits.fault.${fault.code}`);
    const name = t(`visits.figure.${fault.figure}`);
    if (fault.meant !== null) return t("visits.fault.unit", { name, ...fault.meant });
    return t("visits.fault.range", { name, low: fault.low, high: fault.high });
  };
}

function SaveBar({ subject, visiting, told }: { subject: FollowUp; visiting: Visiting; told: string | null }) {
  const { t } = useTranslation();
  const offline = useLine().at === "down";
  const { complete } = visiting;
  const hint = waitsForLine(complete) ? "visits.waits" : offline ? "visits.offline" : "visits.online";
  return (
    <div className="vs-send">
      <ProblemNote failure={complete.error} />
      <span className="mut">{t(hint, { name: subject.organization.name })}</span>
      <CommandButton
        command={told === null ? commandOf(subject, "complete") : { name: "complete", allowed: false, reason: told }}
        icon={Check}
        pending={complete.isPending}
        look={{ type: "primary", size: "large", block: true }}
        onRun={() => {
          visiting.save();
        }}
      >
        {t("visits.save")}
      </CommandButton>
    </div>
  );
}

/** Half typed is not wrong yet. */
function isTyped({ figures }: Visit): boolean {
  return figures.systolic.length > 1 && figures.diastolic.length > 1;
}

export function VisitOpen({ visit: subject }: { visit: FollowUp }) {
  const navigate = useNavigate();
  const visiting = useVisit(subject);
  const told = useFaultText()(visiting.fault);
  const { visit, set, complete } = visiting;
  const high = isHigh(visit, subject);
  const openTicket = () => {
    const patient = subject.patient?.id ?? "";
    visiting.save((drafted) => {
      void navigate(drafted === null ? `/refer/new?patient=${patient}` : `/referrals/${drafted}`);
    });
  };
  if (complete.data !== undefined) {
    const { assessment, drafted_referral_id: drafted } = complete.data;
    return <Saved name={subject.patient?.name ?? ""} assessment={assessment} drafted={drafted} />;
  }
  return (
    <>
      <Pressure visit={visit} set={set} fault={isTyped(visit) ? told : null} high={high} />
      {isUrgent(visit, subject) && (
        <Urgent
          visit={subject}
          pressure={high ? limitOf(visit, subject) : null}
          pending={complete.isPending}
          onTicket={openTicket}
        />
      )}
      <Asked visit={visit} set={set} />
      <More visit={visit} set={set} today={visiting.today} />
      <SaveBar subject={subject} visiting={visiting} told={told} />
    </>
  );
}
