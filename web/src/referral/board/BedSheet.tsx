/** One bed opened: what it is, for whom it could be held, and what the ward may do with it. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import type { Bed, Referral, Ward } from "../../api/types.ts";
import { Sheet } from "../../ui/Sheet.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { useNow } from "../../ui/useNow.ts";
import { BedWork } from "./BedWork.tsx";
import { HeldBy } from "./HeldBy.tsx";
import { HoldFor } from "./HoldFor.tsx";
import { useBedWords } from "./useBedWords.ts";
import type { Holding } from "./useHolding.ts";

const TONES = { available: "ok", held: "brand", occupied: "plain", "to-clean": "due", blocked: "line" } as const;

function useFacts(bed: Bed): readonly (readonly [string, string])[] {
  const { t } = useTranslation();
  const words = useBedWords();
  const now = useNow(60_000);
  const { occupancy } = bed;
  const stay =
    occupancy === null
      ? []
      : ([
          [t("beds.sheet.stay"), words.stay(occupancy)],
          [t("beds.sheet.sinceWhen"), `${civil(occupancy.since).date} ${civil(occupancy.since).time}`],
          [
            t("beds.sheet.leaves"),
            occupancy.expected_end_at === null
              ? t("beds.sheet.unknown")
              : words.leaving(occupancy.expected_end_at, now),
          ],
        ] as const);
  const block =
    bed.state !== "blocked"
      ? []
      : ([
          [t("beds.sheet.why"), bed.blocked_reason],
          [
            t("beds.sheet.backAt"),
            bed.blocked_until === null
              ? t("beds.sheet.noEnd")
              : `${civil(bed.blocked_until).date} ${civil(bed.blocked_until).time}`,
          ],
        ] as const);
  return [[t("beds.sheet.rule"), [words.takes(bed), ...words.can(bed)].join("，")], ...stay, ...block];
}

interface Props {
  readonly bed: Bed;
  readonly ward: Ward | null;
  /** Everybody who waits; which of them suit is asked here. */
  readonly waiting: readonly Referral[];
  /** Free beds of the same house, for a patient who moves. */
  readonly free: readonly Bed[];
  readonly holding: Holding;
  readonly onClose: () => void;
}

function Title({ bed, ward }: Pick<Props, "bed" | "ward">) {
  const { t } = useTranslation();
  const words = useBedWords();
  return (
    <span className="row wrap">
      <b className="bb-sheet-label">{bed.label}</b>
      <Tag tone={TONES[bed.state]}>{words.state(bed)}</Tag>
      <span className="s13 mut">
        {t("beds.sheet.where", { ward: ward?.name ?? bed.department, pool: t(`referral.pool.${bed.pool}`) })}
      </span>
    </span>
  );
}

export function BedSheet({ bed, ward, waiting, free, holding, onClose }: Props) {
  const facts = useFacts(bed);
  const [busy, setBusy] = useState(false);
  return (
    <Sheet title={<Title bed={bed} ward={ward} />} open onClose={onClose}>
      <div className="col g16">
        <dl className="dl">
          {facts.map(([name, words]) => (
            <div key={name} className="bb-fact">
              <dt>{name}</dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
        {bed.hold !== null && <HeldBy bed={bed} hold={bed.hold} onDone={onClose} />}
        {bed.state === "available" && !busy && (
          <HoldFor
            bed={bed}
            waiting={waiting}
            holding={holding}
            onHold={(ticket) => {
              onClose();
              holding.drop(ticket, bed.id);
            }}
          />
        )}
        <BedWork bed={bed} free={free} onBusy={setBusy} onDone={onClose} />
      </div>
    </Sheet>
  );
}
