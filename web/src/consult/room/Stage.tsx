/** The large place: images, ECG, a shared screen or the people, and who leads when all look at one thing. */
import { Button, Segmented } from "antd";
import { Eye, EyeOff, Hand, MousePointer2, Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useKeys } from "../../keys/useKeys.ts";
import { seatOf, sharerOf, trackKey } from "../../room/core/index.ts";
import { Tag } from "../../ui/Tag.tsx";
import { useRoom } from "./context.ts";
import { Face } from "./Face.tsx";
import { lookingAt, type Look, type Looking, type Material } from "./looking.ts";
import { Grid } from "./Tiles.tsx";

// People hear each other before the first image is asked for.
const EcgStage = lazy(async () => ({ default: (await import("./EcgStage.tsx")).EcgStage }));
const StudyStage = lazy(async () => ({ default: (await import("./StudyStage.tsx")).StudyStage }));

export function Screen() {
  const { t } = useTranslation();
  const { call, room } = useRoom();
  const sharer = sharerOf(room);
  const stream = sharer === null ? undefined : call.tracks[trackKey(sharer.id, "screen")];
  if (sharer === null) return null;
  const name = t("room.stage.screenOf", { name: sharer.name });
  if (stream === undefined) return <p className="cr-quiet">{name}</p>;
  return (
    <div className="cr-screen">
      <Face stream={stream} label={name} whole />
    </div>
  );
}

/** How many look at one thing, and who leads. */
function Together({ looking }: { looking: Looking }) {
  const { t } = useTranslation();
  const { call, room } = useRoom();
  if (!looking.together) return null;
  const count = room.seats.filter(({ status, role }) => status === "inside" && role !== "patient").length;
  const name = seatOf(room, call.viewBy)?.name ?? "";
  const words = looking.leading ? t("room.stage.leading", { count }) : t("room.stage.together", { count, name });
  return (
    <span title={t("room.stage.asData")}>
      <Tag tone="brand" icon={Eye}>
        {words}
      </Tag>
    </span>
  );
}

interface HandProps {
  readonly looking: Looking;
  readonly material: Material | null;
  readonly pointing: boolean;
  readonly onPointing: () => void;
  readonly onFollow: () => void;
}

/** What may be done with the shared view now, by whether all look at one thing and who leads. */
function handOf({ together, leading }: Looking, may: boolean, material: Material | null, isShown: boolean) {
  const leads = together && leading;
  return {
    follow: isShown && !together,
    show: may && material !== null && !leads,
    point: may && together,
    stop: leads,
  };
}

/** Show to all, take the lead, follow, point. */
function Lead({ looking, material, pointing, onPointing, onFollow }: HandProps) {
  const { t } = useTranslation();
  const { session, call, room } = useRoom();
  const may = handOf(looking, room.may.includes("view"), material, call.view !== null);
  const show = () => {
    if (material === null) return;
    onFollow();
    // Whoever takes the lead goes on from where all are.
    const here = call.view?.study_uid === material.uid ? call.view : {};
    session.show({ ...here, kind: material.kind, study_uid: material.uid });
  };
  const stop = () => {
    session.show(null);
  };
  return (
    <>
      {may.follow && (
        <Button icon={<Users aria-hidden="true" />} onClick={onFollow}>
          {t("room.stage.follow")}
        </Button>
      )}
      {may.show && (
        <Button icon={<Hand aria-hidden="true" />} onClick={show}>
          {t(looking.together ? "room.stage.lead" : "room.stage.showAll")}
        </Button>
      )}
      {may.point && <PointButton on={pointing} onPress={onPointing} />}
      {may.stop && (
        <Button icon={<EyeOff aria-hidden="true" />} onClick={stop}>
          {t("room.stage.stop")}
        </Button>
      )}
    </>
  );
}

function PointButton({ on, onPress }: { on: boolean; onPress: () => void }) {
  const { t } = useTranslation();
  const face = <MousePointer2 aria-hidden="true" />;
  return (
    <Button icon={face} aria-pressed={on} type={on ? "primary" : "default"} onClick={onPress}>
      {t(on ? "room.stage.pointOff" : "room.stage.point")}
    </Button>
  );
}

const keyOf = (look: Look) => (look.at === "material" ? look.uid : look.at);

function useTabs(materials: readonly Material[]) {
  const { t } = useTranslation();
  const { room } = useRoom();
  return [
    ...materials.map(({ uid, label }) => ({ value: uid, label })),
    ...(sharerOf(room) === null ? [] : [{ value: "screen", label: t("room.stage.screen") }]),
    { value: "people", label: t("room.stage.people") },
  ];
}

function usePointing(on: boolean) {
  const { session } = useRoom();
  const [wish, setWish] = useState(false);
  const toggle = () => {
    if (wish) session.point(null);
    setWish(!wish);
  };
  useKeys("room", on ? { point: toggle } : {});
  return { pointing: wish && on, toggle };
}

function Shown({
  looking,
  material,
  pointing,
  onAlone,
}: {
  looking: Looking;
  material: Material | null;
  pointing: boolean;
  onAlone: () => void;
}) {
  const { t } = useTranslation();
  const { look } = looking;
  if (look.at === "people") return <Grid />;
  if (look.at === "screen") return <Screen />;
  if (material === null) return <p className="cr-quiet">{t("room.stage.opening")}</p>;
  if (material.kind === "ecg") return <EcgStage uid={material.uid} looking={looking} pointing={pointing} />;
  return <StudyStage uid={material.uid} looking={looking} pointing={pointing} onAlone={onAlone} />;
}

export interface StageProps {
  readonly materials: readonly Material[];
  readonly chosen: Look | null;
  readonly onChosen: (look: Look | null) => void;
}

export function Stage({ materials, chosen, onChosen }: StageProps) {
  const { t } = useTranslation();
  const { session, call, room } = useRoom();
  const looking = lookingAt({ room, view: call.view, viewBy: call.viewBy, materials, chosen });
  const { look } = looking;
  const material = look.at === "material" ? (materials.find(({ uid }) => uid === look.uid) ?? null) : null;
  const { pointing, toggle } = usePointing(looking.together && room.may.includes("view"));
  const tabs = useTabs(materials);
  const choose = (key: string) => {
    const next = materials.find(({ uid }) => uid === key);
    // Whoever leads takes the others along.
    if (looking.leading && looking.together && next !== undefined)
      session.show({ kind: next.kind, study_uid: next.uid });
    else if (next !== undefined) onChosen({ at: "material", uid: next.uid });
    else onChosen({ at: key === "screen" ? "screen" : "people" });
  };
  return (
    <section className="cr-stage" aria-label={t("room.stage.materials")}>
      <div className="cr-stage-head">
        <Segmented aria-label={t("room.stage.materials")} options={tabs} value={keyOf(look)} onChange={choose} />
        <span className="sp" />
        <Together looking={looking} />
        <Lead
          looking={looking}
          material={material}
          pointing={pointing}
          onPointing={toggle}
          onFollow={() => {
            onChosen(null);
          }}
        />
      </div>
      <div className="cr-stage-body">
        <Suspense fallback={<p className="cr-quiet">{t("room.stage.opening")}</p>}>
          <Shown
            looking={looking}
            material={material}
            pointing={pointing}
            onAlone={() => {
              onChosen(look);
            }}
          />
        </Suspense>
      </div>
    </section>
  );
}
