/** One bed: label, state by icon and word, who or what. Drawn again only when its own bed or mark changes. */
import { Ban, BrushCleaning, Circle, Hand, UserRound, type LucideIcon } from "lucide-react";
import { memo, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { instant } from "../../api/clock.ts";
import type { Bed, BedState } from "../../api/types.ts";
import { useNow } from "../../ui/useNow.ts";
import { useSpanText } from "../../ui/useSpanText.ts";
import { Countdown } from "./Countdown.tsx";
import { numeralOf } from "./model/numeral.ts";
import { useBedWords } from "./useBedWords.ts";

const ICONS: Readonly<Record<Exclude<BedState, "held">, LucideIcon>> = {
  available: Circle,
  occupied: UserRound,
  "to-clean": BrushCleaning,
  blocked: Ban,
};

/** What a carried card makes of a bed: it may take it, is under the hand or the focus, or says why not. */
export type Mark = "fits" | "over" | "press" | { readonly no: string } | null;

function Waited({ since }: { since: string }) {
  const { t } = useTranslation();
  const span = useSpanText();
  const now = useNow(30_000);
  return t("beds.waited", { span: span.words(Math.max(0, now - instant(since))) });
}

function Leaves({ at, since }: { at: string | null; since: string }) {
  const words = useBedWords();
  const now = useNow(60_000);
  return at === null ? words.since(since, now) : words.leaving(at, now);
}

/** What ticks is for eyes: a name that changed each second would be read out each second. */
function Held({ bed }: { bed: Bed }) {
  const words = useBedWords();
  const { hold } = bed;
  if (hold === null) return null;
  return (
    <>
      <span className="visually-hidden">
        {words.state(bed)} {words.detail(bed)}
      </span>
      <span className="bb-quiet" aria-hidden="true">
        <Countdown hold={hold} />
        <span className="bb-line ell">
          {numeralOf(hold.level)} {hold.patient_name || hold.number}
        </span>
      </span>
    </>
  );
}

function Second({ bed }: { bed: Bed }) {
  const words = useBedWords();
  switch (bed.state) {
    case "available":
      return words.about(bed);
    case "occupied":
      return bed.occupancy === null ? null : <Leaves at={bed.occupancy.expected_end_at} since={bed.occupancy.since} />;
    case "to-clean":
      return bed.to_clean_since === null ? null : <Waited since={bed.to_clean_since} />;
    case "blocked":
      return bed.blocked_reason;
    case "held":
      return null;
  }
}

function Lines({ bed }: { bed: Bed }) {
  const words = useBedWords();
  if (bed.state === "held") return <Held bed={bed} />;
  const Icon = ICONS[bed.state];
  return (
    <>
      <span className="bb-word ell">
        <Icon aria-hidden="true" />{" "}
        {bed.occupancy === null ? (
          words.state(bed)
        ) : (
          <>
            <span className="visually-hidden">{words.state(bed)}</span> {words.stay(bed.occupancy)}
          </>
        )}
      </span>{" "}
      <span className="bb-line ell">
        <Second bed={bed} />
      </span>
    </>
  );
}

/** What holds the bed here: letting go, a key, or on the phone a touch. */
function Yes({ over }: { over: boolean }) {
  const { t } = useTranslation();
  if (over) return t("beds.drop");
  return (
    <>
      <span className="bb-desk-only">{t("beds.press")}</span>
      <span className="bb-phone-only">{t("beds.tap")}</span>
    </>
  );
}

/** While a card is carried the tile says what would happen, in the place of what it says otherwise. */
function Target({ bed, mark }: { bed: Bed; mark: Exclude<Mark, "fits" | null> }) {
  const words = useBedWords();
  const yes = typeof mark === "string";
  const Icon = yes ? Hand : Ban;
  return (
    <>
      <span className="visually-hidden">
        {words.state(bed)} {words.detail(bed)}
      </span>{" "}
      <span className={yes ? "bb-word bb-yes" : "bb-word bb-no"}>
        <Icon aria-hidden="true" /> {yes ? <Yes over={mark === "over"} /> : mark.no}
      </span>
    </>
  );
}

function looksOf(mark: Mark): string {
  if (mark === null) return "";
  return mark === "fits" ? " bb-fits" : typeof mark === "string" ? " bb-over" : " bb-misfit";
}

interface Props {
  readonly bed: Bed;
  readonly mark: Mark;
  /** The board is one tab stop; arrows move in it. */
  readonly stop: boolean;
  readonly onPress: (id: string) => void;
  readonly onFocus: (id: string) => void;
  readonly onKey: (event: KeyboardEvent<HTMLButtonElement>) => void;
}

export const Tile = memo(function Tile({ bed, mark, stop, onPress, onFocus, onKey }: Props) {
  const { t } = useTranslation();
  const shows = mark === "fits" ? null : mark;
  return (
    <button
      type="button"
      className={`bb-bed bb-${bed.state}${looksOf(mark)}`}
      data-bed={bed.id}
      tabIndex={stop ? 0 : -1}
      onClick={() => {
        onPress(bed.id);
      }}
      onFocus={() => {
        onFocus(bed.id);
      }}
      onKeyDown={onKey}
    >
      <span className="bb-label ell">{bed.label}</span>{" "}
      {shows === null ? <Lines bed={bed} /> : <Target bed={bed} mark={shows} />}{" "}
      {bed.pool === "reserved" && <span className="bb-priority">{t("beds.priority")}</span>}
    </button>
  );
});
