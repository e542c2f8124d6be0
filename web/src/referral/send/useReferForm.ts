/** What is written, where it could go, what is missing, and sending it: all that the form shows of one intention. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { factOf, type Problem } from "../../api/problems.ts";
import { organizations } from "../../api/resources/organizations.ts";
import { referUp } from "../../api/resources/refer-up.ts";
import { useUser } from "../../api/resources/session.ts";
import type { Patient, Prefill, Target, Targets } from "../../api/types.ts";
import { useLine } from "../../live/index.ts";
import { useSettled } from "../../ui/useSettled.ts";
import { useToast } from "../../ui/useToast.tsx";
import { offeredBy } from "./model/pathway.ts";
import { lacksOf, type Lack } from "./model/ready.ts";
import { isUnheard, withoutBeds } from "./model/unheard.ts";
import { begin, bodyOf, chosenOf, firstWish, isGreen, wishOf, withDepartment, type Written } from "./model/written.ts";
import { useRefer } from "./useRefer.ts";

const SHORTEST = 4;

/** The emergency desk of the county, by telephone: known before any place was chosen. */
function useCountyPhone(targets: readonly Target[]): string {
  const { data } = useQuery(organizations.list);
  const county = data?.items.find(({ kind }) => kind === "county");
  return county?.phone ?? targets[0]?.organization.phone ?? "";
}

/** Where the patient could go; without a line the places that have the department, and nothing about their beds. */
function placesOf(it: Written, known: Targets | undefined, unheard: boolean): readonly Target[] {
  if (known === undefined) return [];
  return unheard ? withoutBeds(known, it.department) : known.targets;
}

interface ScopeWords {
  readonly zh: string;
  readonly en: string;
}

/** The guide's warning, from the hub's answer on sending or foreseen by the suggestion; an emergency is not held up. */
function warningOf(it: Written, suggestion: Targets | undefined, refusal: Problem | null): ScopeWords | null {
  if (it.level === null || isGreen(it.level)) return null;
  if (refusal?.code === "WITHIN_BASE_SCOPE") return { zh: factOf(refusal, "zh"), en: factOf(refusal, "en") };
  return suggestion?.scope?.within === true ? suggestion.scope : null;
}

export function useReferForm(patient: Patient, known: Prefill) {
  const user = useUser();
  const { t } = useTranslation();
  const navigate = useNavigate();
  const toast = useToast();
  const [written, write] = useState(() => begin(known, user.name));
  const [reason, setReason] = useState("");
  const offline = useLine().at === "down";
  const first = useQuery({
    ...referUp.targets(firstWish(patient.id)),
    enabled: ({ state }) => state.data === undefined,
  });
  const offered = offeredBy(first.data, written.to);
  const it = withDepartment(written, offered, first.isPending && !offline);
  const suggestion = useQuery(referUp.targets(wishOf({ ...it, code: useSettled(it.code) }, patient.id)));
  const unheard = isUnheard(suggestion);
  const places = placesOf(it, suggestion.data ?? first.data, unheard);
  const target = chosenOf(it, places);
  const sending = useRefer((ticket) => {
    toast(t("refer.sent", { name: patient.name, number: ticket.number }));
    void navigate(`/referrals/${ticket.id}`);
  });
  const scope = warningOf(it, suggestion.data, sending.refused?.refusal ?? null);
  const unexplained = scope !== null && reason.trim().length < SHORTEST;
  const lacks: readonly (Lack | "scope")[] = [...lacksOf(it, target), ...(unexplained ? (["scope"] as const) : [])];
  return {
    it,
    places,
    unheard,
    set: (patch: Partial<Written>) => {
      write((before) => ({ ...before, ...patch }));
    },
    green: isGreen(it.level),
    suggestion,
    offered: offered.anywhere,
    target,
    phone: useCountyPhone(places),
    sending,
    offline,
    lacks,
    scope,
    reason,
    setReason,
    send: () => {
      sending.refer(bodyOf(it, patient.id, target), reason.trim());
    },
  };
}

export type Refer = ReturnType<typeof useReferForm>;
