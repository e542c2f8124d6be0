/** The people beside what is looked at, or all over the place when nothing is; only who is seen is asked for. */
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { observersOf, tilesOf, wantedOf, type Room, type Seat } from "../../room/core/index.ts";
import { useRoom } from "./context.ts";
import { Tile } from "./Tile.tsx";

/** What the tiles on the screen need, said to the hub. */
export function useWants(room: Room, seats: readonly Seat[], large: string | null): void {
  const { session, call } = useRoom();
  const { audioOnly, media } = call;
  useEffect(() => {
    session.want(wantedOf(room, { visible: seats.map(({ id }) => id), large, audioOnly }));
  }, [session, room, seats, large, audioOnly, media.at]);
}

export function Strip() {
  const { t } = useTranslation();
  const { room } = useRoom();
  const seats = tilesOf(room);
  useWants(room, seats, null);
  const observers = observersOf(room).length;
  return (
    <section className="cr-strip" aria-label={t("room.stage.people")}>
      {seats.map((seat) => (
        <Tile key={seat.id} seat={seat} />
      ))}
      {observers > 0 && <p className="mut s13">{t("room.people.observers", { count: observers })}</p>}
    </section>
  );
}

/** Two beside each other, four in a square. */
export function Grid() {
  const { t } = useTranslation();
  const { room } = useRoom();
  const seats = tilesOf(room);
  const [first] = seats;
  useWants(room, seats, first !== undefined && seats.length <= 2 ? first.id : null);
  return (
    <section className={`cr-grid cr-grid-${String(Math.min(6, seats.length))}`} aria-label={t("room.stage.people")}>
      {seats.map((seat) => (
        <Tile key={seat.id} seat={seat} large />
      ))}
    </section>
  );
}
