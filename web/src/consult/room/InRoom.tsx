/** Inside: people, what they look at, what is written; on a phone one of them at a time. */
import { Segmented } from "antd";
import { useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { useScreen } from "../../ui/useScreen.ts";
import { Bands } from "./Bands.tsx";
import { Consent } from "./Consent.tsx";
import { useConsult, useRoom } from "./context.ts";
import { Controls } from "./Controls.tsx";
import { Doubt } from "./Doubt.tsx";
import { lookingAt, type Look, type Material } from "./looking.ts";
import { Pane, Side, useSideTabs, useUnread, type SideTab } from "./Side.tsx";
import { Stage } from "./Stage.tsx";
import { Strip } from "./Tiles.tsx";
import { useMaterials } from "./useMaterials.ts";
import { Voices } from "./Voices.tsx";

const NO_STUDIES: readonly string[] = [];

function Head() {
  const { t } = useTranslation();
  const { room } = useRoom();
  const consult = useConsult();
  const { patient } = room;
  const sex = patient?.sex === "male" || patient?.sex === "female" ? t(`ui.sex.${patient.sex}`) : "";
  const slot = document.getElementById("top-slot");
  const words = (
    <span className="cr-head">
      {patient !== null && (
        <b>
          {patient.name} {sex} {patient.age}
        </b>
      )}
      <span className="s13 sub">
        {t(`consult.urgency.${consult.urgency}`)} {t(`consult.service.${consult.service}`)}
      </span>
    </span>
  );
  // A desk's bar above has the place; a phone's belongs to the call.
  return useScreen() === "desk" && slot !== null ? createPortal(words, slot) : words;
}

/** The strip stands beside images; where the people fill the stage there is none. */
function useStage(materials: readonly Material[]) {
  const { call, room } = useRoom();
  const [chosen, setChosen] = useState<Look | null>(null);
  const { look } = lookingAt({ room, view: call.view, viewBy: call.viewBy, materials, chosen });
  return { chosen, setChosen, strip: look.at !== "people" };
}

function OnPhone({ materials }: { materials: readonly Material[] }) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<"stage" | SideTab>("stage");
  const { chosen, setChosen, strip } = useStage(materials);
  const tabs = useSideTabs(useUnread(tab === "chat"), true);
  return (
    <>
      <Segmented
        block
        aria-label={t("room.side.tabs")}
        options={[{ value: "stage" as const, label: t("room.stage.study") }, ...tabs]}
        value={tab}
        onChange={setTab}
      />
      {strip && <Strip />}
      {tab === "stage" ? (
        <Stage materials={materials} chosen={chosen} onChosen={setChosen} />
      ) : (
        <div className="cr-side-body">
          <Pane tab={tab} />
        </div>
      )}
    </>
  );
}

function OnDesk({ materials }: { materials: readonly Material[] }) {
  const [tab, setTab] = useState<SideTab>("opinion");
  const { chosen, setChosen, strip } = useStage(materials);
  return (
    <div className={strip ? "cr-panes" : "cr-panes cr-panes-people"}>
      {strip && <Strip />}
      <Stage materials={materials} chosen={chosen} onChosen={setChosen} />
      <Side tab={tab} onTab={setTab} />
    </div>
  );
}

export function Inside() {
  const consult = useConsult();
  const materials = useMaterials(consult.application?.study_uids ?? NO_STUDIES);
  const phone = useScreen() === "phone";
  return (
    <div className="cr">
      <Head />
      <Bands />
      {phone ? <OnPhone materials={materials} /> : <OnDesk materials={materials} />}
      <Voices />
      <Controls />
      <Consent />
      <Doubt />
    </div>
  );
}
