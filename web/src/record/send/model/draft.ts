/** What is about to be sent, and everything that speaks for or against sending it. Pure. */
import type { Kind, Priority, RoutePreview } from "../../../api/types.ts";
import type { Comparison } from "./compare.ts";
import type { StudyOfPieces } from "./series.ts";

export interface Draft {
  readonly kind: Kind | null;
  readonly priority: Priority;
  /** Why it cannot wait; an emergency needs at least one word. */
  readonly reasons: readonly string[];
  readonly question: string;
  readonly history: string;
}

export const EMPTY_DRAFT: Draft = { kind: null, priority: "routine", reasons: [], question: "", history: "" };

/** What the county reads; the laboratory has a way of its own. */
export const KINDS = ["ecg", "radiology", "imaging"] as const satisfies readonly Kind[];

const KIND_OF: Readonly<Record<string, Kind>> = Object.fromEntries([
  ...["ECG", "HD", "EPS"].map((modality) => [modality, "ecg"] as const),
  ...["DX", "CR", "CT", "MR", "MG", "RF", "XA", "PX", "IO", "NM", "PT"].map(
    (modality) => [modality, "radiology"] as const,
  ),
  ...["US", "ES", "OT", "IVUS", "XC", "GM", "SM", "OP", "OPT"].map((modality) => [modality, "imaging"] as const),
]);

export function kindOf(studies: readonly StudyOfPieces[]): Kind | null {
  const modalities = studies.flatMap(({ series }) => series.map(({ modality }) => modality));
  return modalities.map((modality) => KIND_OF[modality] ?? null).find((kind) => kind !== null) ?? null;
}

/** Phrases that ask nothing: the reader has only what stands here. */
const ASKS_NOTHING =
  /^(详?见|参见|同)?(病历|门诊病历|住院病历|申请单|上|前|病史)$|^(如题|无|没有|不详|请会诊|请诊断|请看|看片|阅片|常规|检查|体检报告)$/u;
const SHORTEST_QUESTION = 4;

export function asksSomething(question: string): boolean {
  const text = question.replace(/[\s，。,.!！?？、；;：:“”"'()（）-]/gu, "");
  return text.length >= SHORTEST_QUESTION && !ASKS_NOTHING.test(text);
}

export type CheckName = "patient" | "images" | "study" | "kind" | "route" | "urgency" | "question" | "history";

export interface Check {
  readonly name: CheckName;
  /** `stop` keeps it from being sent, `due` does not, `wait` is not known yet. */
  readonly tone: "ok" | "due" | "stop" | "wait";
  /** Below `record.check.` in the catalogue. */
  readonly says:
    | "patientSame"
    | "patientDoubt"
    | "patientConfirmed"
    | "patientDiffers"
    | "patientWaits"
    | "imagesNone"
    | "imagesReady"
    | "studyOne"
    | "studySeveral"
    | "kindMissing"
    | "kindFits"
    | "kindDiffers"
    | "routeFound"
    | "routeNone"
    | "routeWaits"
    | "urgencyReason"
    | "urgencyMissing"
    | "questionGood"
    | "questionEmpty"
    | "historyGood"
    | "historyMissing";
}

export interface Situation {
  readonly draft: Draft;
  readonly studies: readonly StudyOfPieces[];
  /** Of every study; the worst counts. */
  readonly comparison: Comparison | null;
  /** A person looked and says it is the same patient. */
  readonly confirmed: boolean;
  readonly route: RoutePreview | null;
  /** The order exists already: only the images are new. */
  readonly placed: boolean;
}

const check = (name: CheckName, tone: Check["tone"], says: Check["says"]): Check => ({ name, tone, says });

function patientCheck({ comparison, confirmed }: Situation): Check {
  if (comparison === null) return check("patient", "wait", "patientWaits");
  if (comparison.verdict === "same") return check("patient", "ok", "patientSame");
  if (comparison.verdict === "differs") return check("patient", "stop", "patientDiffers");
  return confirmed ? check("patient", "ok", "patientConfirmed") : check("patient", "stop", "patientDoubt");
}

function imageChecks(it: Situation): readonly Check[] {
  if (it.studies.length === 0) return [check("images", "stop", "imagesNone"), patientCheck(it)];
  return [
    patientCheck(it),
    check("images", "ok", "imagesReady"),
    it.studies.length === 1 ? check("study", "ok", "studyOne") : check("study", "stop", "studySeveral"),
  ];
}

function kindCheck({ draft, studies }: Situation): Check {
  if (draft.kind === null) return check("kind", "stop", "kindMissing");
  const said = kindOf(studies);
  return said === null || said === draft.kind ? check("kind", "ok", "kindFits") : check("kind", "due", "kindDiffers");
}

function routeCheck({ route }: Situation): Check {
  if (route === null) return check("route", "wait", "routeWaits");
  return route.centre === null ? check("route", "due", "routeNone") : check("route", "ok", "routeFound");
}

function wordChecks(it: Situation): readonly Check[] {
  const { priority, reasons, question, history } = it.draft;
  const urgent = priority === "emergency";
  return [
    kindCheck(it),
    routeCheck(it),
    ...(urgent
      ? [check("urgency", reasons.length > 0 ? "ok" : "stop", reasons.length > 0 ? "urgencyReason" : "urgencyMissing")]
      : []),
    asksSomething(question) ? check("question", "ok", "questionGood") : check("question", "stop", "questionEmpty"),
    history.trim() === "" && reasons.length === 0
      ? check("history", "due", "historyMissing")
      : check("history", "ok", "historyGood"),
  ];
}

/** Everything that is looked at before the first byte leaves. */
export function checksOf(it: Situation): readonly Check[] {
  return [...imageChecks(it), ...(it.placed ? [] : wordChecks(it))];
}

/** What must be so before an order without images may be placed. */
export function orderChecksOf(it: Situation): readonly Check[] {
  return wordChecks(it);
}

export function firstStop(checks: readonly Check[]): Check | null {
  return checks.find(({ tone }) => tone === "stop") ?? null;
}
