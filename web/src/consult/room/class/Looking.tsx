/** A class inside: whoever speaks large or beside what is shown, who speaks by name, questions, a hand, the way out. */
import { GraduationCap } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { observersOf, tilesOf, type Room, type Seat } from "../../../room/core/index.ts";
import { Note } from "../../../ui/Note.tsx";
import { useScreen } from "../../../ui/useScreen.ts";
import { Bands } from "../Bands.tsx";
import { ChatPane } from "../ChatPane.tsx";
import { useRoom } from "../context.ts";
import { Controls } from "../Controls.tsx";
import { Tile } from "../Tile.tsx";
import { useWants } from "../Tiles.tsx";
import { Voices } from "../Voices.tsx";
import { ClassStage, useIsShown } from "./Stage.tsx";

const NOBODY: readonly Seat[] = [];

/** Whom I chose, else the host, else whoever has a picture. */
function speakerOf(room: Room, chosen: string | null): Seat | null {
  const speaking = tilesOf(room);
  const by = (id: string | null) => speaking.find((seat) => seat.id === id);
  return by(chosen) ?? by(room.host) ?? speaking.find(({ camera }) => camera) ?? speaking[0] ?? null;
}

function Speakers({ speaker, onChosen }: { speaker: Seat | null; onChosen: (id: string) => void }) {
  const { t } = useTranslation();
  const { room } = useRoom();
  const count = observersOf(room).length;
  return (
    <section className="cl-speakers" aria-label={t("room.class.speakers")}>
      <ul>
        {tilesOf(room).map(({ id, name, role, organization }) => (
          <li key={id}>
            <button
              type="button"
              aria-pressed={id === speaker?.id}
              onClick={() => {
                onChosen(id);
              }}
            >
              <b>{name}</b> {role !== "patient" && <span className="mut s13">{t(`room.role.${role}`)}</span>}
              <span className="mut s12 cr-block">{organization}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className="mut s13">{t("room.people.observers", { count })}</p>
    </section>
  );
}

function Head() {
  const { t } = useTranslation();
  return <Note icon={GraduationCap}>{t("room.class.rules")}</Note>;
}

/** Whoever speaks, asked for where her face has a place: a phone has none beside what is shown. */
function useSpeaker(shown: boolean, phone: boolean) {
  const { room } = useRoom();
  const [chosen, setChosen] = useState<string | null>(null);
  const speaker = speakerOf(room, chosen);
  const faceless = speaker === null || (phone && shown);
  useWants(room, faceless ? NOBODY : [speaker], speaker?.id ?? null);
  return { speaker, setChosen };
}

export function Looking() {
  const { t } = useTranslation();
  const phone = useScreen() === "phone";
  const shown = useIsShown();
  const { speaker, setChosen } = useSpeaker(shown, phone);
  return (
    <div className="cr">
      {!phone && <Head />}
      <Bands />
      <div className="cl-panes">
        <ClassStage speaker={speaker} />
        <aside className="cr-side cl-side" aria-label={t("room.class.beside")}>
          {shown && speaker !== null && <Tile seat={speaker} />}
          <Speakers speaker={speaker} onChosen={setChosen} />
          <ChatPane />
        </aside>
      </div>
      <Voices />
      <Controls />
    </div>
  );
}
