/** The words on a reading order: its state, who holds it, what is doubtful about it. */
import {
  Check,
  Circle,
  CircleX,
  Cpu,
  FileWarning,
  Info,
  Loader,
  Lock,
  PenLine,
  Siren,
  TriangleAlert,
  Undo2,
  UserCheck,
  Waypoints,
  type LucideIcon,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Flag, OrderState, Ref, ReportState } from "../api/types.ts";
import { Tag, type Tone } from "./Tag.tsx";

const ORDER_TAGS: Record<OrderState, readonly [Tone, LucideIcon?]> = {
  receiving: ["dashed", Loader],
  quarantined: ["due", TriangleAlert],
  unrouted: ["due", Waypoints],
  ready: ["line"],
  claimed: ["plain"],
  returned: ["due", Undo2],
  "awaiting-verification": ["info", PenLine],
  final: ["ok", Check],
  amending: ["due", FileWarning],
  "cancel-requested": ["pause", CircleX],
  cancelled: ["pause", CircleX],
};

function iconProp(icon: LucideIcon | undefined): { icon?: LucideIcon } {
  return icon === undefined ? {} : { icon };
}

export function OrderStateTag({ state }: { state: OrderState }) {
  const { t } = useTranslation();
  const [tone, icon] = ORDER_TAGS[state];
  return (
    <Tag tone={tone} {...iconProp(icon)}>
      {t(`ui.order.${state}`)}
    </Tag>
  );
}

const REPORT_TONES: Record<ReportState, Tone> = {
  draft: "dashed",
  preliminary: "dashed",
  signed: "info",
  released: "ok",
  superseded: "pause",
};

export function ReportStateTag({ state }: { state: ReportState }) {
  const { t } = useTranslation();
  return <Tag tone={REPORT_TONES[state]}>{t(`ui.report.${state}`)}</Tag>;
}

const FLAG_TAGS: Record<Flag["level"], readonly [Tone, LucideIcon]> = {
  info: ["plain", Info],
  warn: ["due", TriangleAlert],
  machine: ["machine", Cpu],
  critical: ["critical", Siren],
};

/** A doubt or a machine's word about an order, in the hub's own text. */
export function FlagTag({ flag }: { flag: Flag }) {
  const { i18n } = useTranslation();
  const [tone, icon] = FLAG_TAGS[flag.level];
  return (
    <Tag tone={tone} icon={icon}>
      {i18n.language === "en" ? flag.en : flag.zh}
    </Tag>
  );
}

const FLAG_RANK: Record<Flag["level"], number> = { critical: 0, warn: 1, machine: 2, info: 3 };

/** The one flag a row has room for; the rest is in the side panel. */
export function firstFlag(flags: readonly Flag[]): Flag | null {
  return flags.toSorted((a, b) => FLAG_RANK[a.level] - FLAG_RANK[b.level])[0] ?? null;
}

/** Who has it: me, somebody by name, nobody. */
export function Holder({ by, me }: { by: Ref | null; me: string }) {
  const { t } = useTranslation();
  if (by === null)
    return (
      <span className="hold">
        <Circle aria-hidden="true" />
        {t("ui.holder.none")}
      </span>
    );
  const mine = by.id === me;
  return (
    <span className={mine ? "hold hold-me" : "hold"}>
      {mine ? <UserCheck aria-hidden="true" /> : <Lock aria-hidden="true" />}
      {mine ? t("ui.holder.me") : by.name}
    </span>
  );
}
