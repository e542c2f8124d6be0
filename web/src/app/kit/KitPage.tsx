/** `/dev/kit`: each piece of `ui/` in its states, for eyes and screenshots. Development only. */
import { civil, now } from "../../api/clock.ts";
import { ClocksSheet, ButtonsSheet, PatientSheet, PlatesSheet, TagsSheet } from "./FormsSheet.tsx";
import { StatesSheet, TablesSheet } from "./StatesSheet.tsx";
import "./kit.css";

export function KitPage() {
  return (
    <div className="kit">
      <div className="col">
        <PlatesSheet />
        <ClocksSheet />
        <TagsSheet />
      </div>
      <div className="col">
        <ButtonsSheet />
        <PatientSheet />
        <StatesSheet />
      </div>
      <div className="kit-wide col">
        <TablesSheet />
        <span className="s12 mut">drawn at {civil(now()).timeWithSeconds}</span>
      </div>
    </div>
  );
}
