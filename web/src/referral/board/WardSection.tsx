/** A ward: its beds, how many are free, and how old the knowledge is. */
import { useMutation } from "@tanstack/react-query";
import { Check, Phone, TriangleAlert } from "lucide-react";
import { memo, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { instant } from "../../api/clock.ts";
import { newKey } from "../../api/client.ts";
import { mayRun } from "../../api/commands.ts";
import { usePending } from "../../api/pending.ts";
import { beds as board } from "../../api/resources/beds.ts";
import type { Ward } from "../../api/types.ts";
import { Tag } from "../../ui/Tag.tsx";
import { useNow } from "../../ui/useNow.ts";
import { useSpanText } from "../../ui/useSpanText.ts";
import { countsOf, widthOf, type ShownWard } from "./model/board.ts";
import { Tile, type Mark } from "./Tile.tsx";

function Age({ ward }: { ward: Ward }) {
  const { t } = useTranslation();
  const span = useSpanText();
  const now = useNow(30_000);
  if (ward.confirmed_at === null)
    return (
      <Tag tone="due" icon={TriangleAlert}>
        {t("beds.confirmed.never")}
      </Tag>
    );
  const ms = now - instant(ward.confirmed_at);
  const words = span.words(Math.max(0, ms));
  if (ward.stale)
    return (
      <Tag tone="due" icon={TriangleAlert}>
        {t("beds.confirmed.stale", { span: words })}
      </Tag>
    );
  return <Tag icon={Check}>{ms < 60_000 ? t("beds.confirmed.now") : t("beds.confirmed.at", { span: words })}</Tag>;
}

function Confirm({ ward }: { ward: Ward }) {
  const { t } = useTranslation();
  const confirm = useMutation(board.confirmWard);
  const pending = usePending(board.confirmWard);
  return (
    <button
      type="button"
      className="bb-confirm s12"
      aria-label={t("beds.confirmName", { ward: ward.name })}
      aria-busy={pending.has(ward.id)}
      onClick={() => {
        if (!pending.has(ward.id)) confirm.mutate({ id: ward.id, key: newKey() });
      }}
    >
      <Check aria-hidden="true" /> {t("beds.confirm")}
    </button>
  );
}

function Head({ shown }: { shown: ShownWard }) {
  const { t } = useTranslation();
  const { ward, all } = shown;
  const counts = countsOf(all);
  const reserved = all.filter(({ pool }) => pool === "reserved").length;
  const mayConfirm = all.some((bed) => mayRun(bed, "confirm"));
  return (
    <div className="bb-ward-head">
      <h2 id={`bb-${ward.id}`} className="nw">
        {ward.name}
      </h2>
      <span className="s13 sub nw">
        {t("beds.counts", { beds: all.length, free: counts.available })}
        {reserved > 0 && `，${t("beds.reserved", { count: reserved })}`}
      </span>
      <span className="sp" />
      {ward.stale && ward.phone !== "" && (
        <a className="s12 nw" href={`tel:${ward.phone}`}>
          <Phone aria-hidden="true" /> {ward.phone}
        </a>
      )}
      <Age ward={ward} />
      {mayConfirm && <Confirm ward={ward} />}
    </div>
  );
}

export interface TileHands {
  readonly onPress: (id: string) => void;
  readonly onFocus: (id: string) => void;
  readonly onKey: (event: KeyboardEvent<HTMLButtonElement>) => void;
}

interface Props {
  readonly shown: ShownWard;
  /** What a carried card makes of each bed; null while nothing is carried. */
  readonly marks: ReadonlyMap<string, Mark> | null;
  /** The board's tab stop, when it lies in this ward. */
  readonly stop: string | null;
  readonly hands: TileHands;
}

export const WardSection = memo(function WardSection({ shown, marks, stop, hands }: Props) {
  return (
    <section className={`bb-ward bb-${widthOf(shown)}`} aria-labelledby={`bb-${shown.ward.id}`}>
      <Head shown={shown} />
      <div className="bb-beds">
        {shown.shown.map((bed) => (
          <Tile key={bed.id} bed={bed} mark={marks?.get(bed.id) ?? null} stop={bed.id === stop} {...hands} />
        ))}
      </div>
    </section>
  );
});
