/** The big screen of a referral desk: numbers, never names. It works by itself and rings until somebody answers. */
import { useQuery } from "@tanstack/react-query";
import { EyeOff, Maximize, Siren, Volume2, VolumeX, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { civil } from "../../../api/clock.ts";
import { beds as board } from "../../../api/resources/beds.ts";
import { referrals } from "../../../api/resources/referrals.ts";
import { useUser } from "../../../api/resources/session.ts";
import type { BedPage } from "../../../api/types.ts";
import { useLine, type Line } from "../../../live/index.ts";
import { Logo } from "../../../ui/Logo.tsx";
import { useNow } from "../../../ui/useNow.ts";
import { useAlarm } from "../../alarm/useAlarm.ts";
import { ownHouse } from "../model/board.ts";
import { numeralOf } from "../model/numeral.ts";
import { useHouses } from "../useBoards.ts";
import { useAlone } from "./useAlone.ts";
import { freeOf, ON_THE_WALL, pagesOf, rowsOf, type WallRow } from "./model.ts";
import "./wall.css";
import { WallRows } from "./WallRows.tsx";

/** What a screen holds at a size that is read from five metres. */
const FIT = 6;
const FIT_WITH_BAND = 5;
const TURN_MS = 12_000;
const WARDS = 9;
/** Events tell of changes; this is for what an event may have missed on a screen that nobody looks after. */
const AGAIN_MS = 60_000;

function Clock() {
  const now = useNow(1_000);
  return <b className="wall-clock">{civil(now).time}</b>;
}

function Sound({ on, onAllow }: { on: boolean; onAllow: () => void }) {
  const { t } = useTranslation();
  const Icon = on ? Volume2 : VolumeX;
  return (
    <button type="button" className={on ? "wall-tool" : "wall-tool wall-silent"} onClick={onAllow}>
      <Icon aria-hidden="true" /> {t(on ? "beds.wall.soundOn" : "beds.wall.soundOff")}
    </button>
  );
}

function Head({ house, on, onAllow }: { house: string; on: boolean; onAllow: () => void }) {
  const { t } = useTranslation();
  return (
    <header className="wall-head">
      <Logo size={44} />
      <h1>{t("beds.wall.title", { house })}</h1>
      <span className="sp" />
      <Sound on={on} onAllow={onAllow} />
      <button
        type="button"
        className="wall-tool"
        onClick={() => {
          void document.documentElement.requestFullscreen();
        }}
      >
        <Maximize aria-hidden="true" /> {t("beds.wall.full")}
      </button>
      <Link to="/beds" className="wall-tool">
        <X aria-hidden="true" /> {t("beds.wall.leave")}
      </Link>
      <Clock />
    </header>
  );
}

function Band({ row, more, sounds }: { row: WallRow; more: number; sounds: boolean }) {
  const { t } = useTranslation();
  const place = row.bed || t("beds.wall.bay");
  const what =
    row.pathway === null
      ? t("beds.wall.band")
      : t("beds.wall.bandOf", { pathway: t(`referral.pathway.${row.pathway}`) });
  return (
    <section className="wall-band" role="alert">
      <Siren aria-hidden="true" />
      <div>
        <b className="wall-band-what">
          {what} {t("beds.wall.levelWord", { numeral: numeralOf(row.level) })}
        </b>
        <p>
          {row.number} {t("beds.queue.to", { from: row.from, department: place })}
          {more > 0 && ` · ${t("beds.wall.more", { count: more })}`}
        </p>
      </div>
      <span className="sp" />
      <span className="wall-rings">
        {sounds ? <Volume2 aria-hidden="true" /> : <VolumeX aria-hidden="true" />}{" "}
        {t(sounds ? "beds.wall.rings" : "beds.wall.silent")}
      </span>
    </section>
  );
}

function toneOf(free: number, urgent: boolean): string {
  if (free === 0) return "overc";
  return urgent ? "okc" : "";
}

function Beside({ page, phone }: { page: BedPage | undefined; phone: string }) {
  const { t } = useTranslation();
  if (page === undefined) return null;
  const emergency = page.wards.find(({ department }) => department.includes("急诊"));
  return (
    <div className="wall-beside">
      <section className="card" aria-labelledby="wall-free">
        <h2 id="wall-free">{t("beds.wall.free")}</h2>
        <dl className="wall-free">
          {freeOf(page.wards, WARDS).map(([name, free], at) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className={toneOf(free, at < 3)}>{free}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="card wall-phones" aria-labelledby="wall-phones">
        <h2 id="wall-phones">{t("beds.wall.phones")}</h2>
        <p>
          {t("beds.wall.desk")} <b>{phone}</b>
        </p>
        {emergency !== undefined && (
          <p>
            {emergency.name} <b>{emergency.phone}</b>
          </p>
        )}
      </section>
    </div>
  );
}

function Foot({ line, page, pages }: { line: Line; page: number; pages: number }) {
  const { t } = useTranslation();
  return (
    <footer className="wall-foot">
      <EyeOff aria-hidden="true" /> {t("beds.wall.privacy")}
      <span className="sp" />
      {pages > 1 && <span>{t("beds.wall.page", { page: page + 1, pages })}</span>}
      <span className={line.at === "live" ? "" : "duec"}>
        {line.at === "live" ? t("beds.wall.live") : t("beds.wall.stale", { time: civil(line.since).time })}
      </span>
    </footer>
  );
}

/** Which of the screens has its turn, by the hub's clock: two walls in one house show the same. */
function useTurn(pages: number): number {
  const now = useNow(TURN_MS);
  return pages === 0 ? 0 : Math.floor(now / TURN_MS) % pages;
}

/** What stands on the wall now, as the hub last said. */
function useWall() {
  const own = ownHouse(useUser());
  const house = useHouses().find(({ id }) => id === own);
  const tickets = useQuery({ ...referrals.list({ state: ON_THE_WALL, limit: 100 }), refetchInterval: AGAIN_MS });
  const { data: page } = useQuery({ ...board.board(), refetchInterval: AGAIN_MS });
  const rows = rowsOf(tickets.data?.items ?? [], own);
  const ringing = rows.filter(({ ringsSince }) => ringsSince !== null);
  return {
    page,
    house,
    pages: pagesOf(rows, ringing.length === 0 ? FIT : FIT_WITH_BAND),
    ringing,
    since: ringing[0]?.ringsSince ?? null,
  };
}

export function BedWallPage() {
  const { page, house, pages, ringing, since } = useWall();
  const { on, allow } = useAlarm(since);
  const turn = useTurn(pages.length);
  const line = useLine();
  const [first] = ringing;
  return (
    <div className="wall" ref={useAlone()}>
      <Head house={house?.name ?? ""} on={on} onAllow={allow} />
      {first !== undefined && <Band key={first.id} row={first} more={ringing.length - 1} sounds={on} />}
      <div className="wall-body">
        <WallRows rows={pages[turn] ?? []} />
        <Beside page={page} phone={house?.phone ?? ""} />
      </div>
      <Foot line={line} page={turn} pages={pages.length} />
    </div>
  );
}
