/** The table of the wall: plate, number, from, bed, step, time; nothing about whom. */
import { Ambulance, Bed, DoorOpen, Inbox, MessageCircleQuestion, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { instant } from "../../../api/clock.ts";
import { TriagePlate } from "../../../ui/Plate.tsx";
import { useNow } from "../../../ui/useNow.ts";
import type { WallRow, WallStep } from "./model.ts";

const ICONS: Readonly<Record<WallStep, LucideIcon>> = {
  answer: Inbox,
  ask: MessageCircleQuestion,
  bed: Bed,
  held: Bed,
  moving: Ambulance,
  arrived: DoorOpen,
};
const HOUR_MIN = 60;
const NEAR_MIN = 5;

/** Minutes, and hours from one hour on: what one reads in passing. */
function useShort(): (minutes: number) => string {
  const { t } = useTranslation();
  return (minutes) =>
    minutes < HOUR_MIN
      ? t("beds.wall.minutes", { minutes })
      : t("beds.wall.hours", { hours: Math.floor(minutes / HOUR_MIN) });
}

function Time({ row }: { row: WallRow }) {
  const { t } = useTranslation();
  const short = useShort();
  const now = useNow(5_000);
  if (row.until === null) return null;
  const minutes = Math.ceil((instant(row.until) - now) / 60_000);
  if (minutes >= 0) return <b className={minutes <= NEAR_MIN ? "duec" : ""}>{short(minutes)}</b>;
  const span = short(-minutes);
  return <b className="overc">{t(row.awaited === "patient" ? "beds.wall.late" : "beds.wall.over", { span })}</b>;
}

function Row({ row }: { row: WallRow }) {
  const { t } = useTranslation();
  const Icon = ICONS[row.step];
  const place = row.bed || (row.inBay ? t("beds.wall.bay") : t("beds.wall.noBed"));
  return (
    <tr data-row={row.tail}>
      <td>
        <TriagePlate level={row.level} size="large" />
      </td>
      <td>
        <b>{row.tail}</b>
      </td>
      <td>{row.from}</td>
      <td>{place}</td>
      <td>
        <Icon aria-hidden="true" /> {t(`beds.wall.step.${row.step}`)}
      </td>
      <td className="num">
        <Time row={row} />
      </td>
    </tr>
  );
}

export function WallRows({ rows }: { rows: readonly WallRow[] }) {
  const { t } = useTranslation();
  const columns = ["level", "number", "from", "bed", "step", "time"] as const;
  if (rows.length === 0) return <p className="wall-none">{t("beds.wall.none")}</p>;
  return (
    <table>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col" className={column === "time" ? "num" : ""}>
              {t(`beds.wall.columns.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </tbody>
    </table>
  );
}
