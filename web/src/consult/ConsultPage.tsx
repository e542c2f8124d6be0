/** `/consults/{id}`: what is asked, what may be done now, the opinion, and what stays of a call. */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { consults } from "../api/resources/consults.ts";
import { ProblemCard } from "../ui/ProblemNote.tsx";
import { SkeletonRows } from "../ui/Skeletons.tsx";
import { Actions } from "./Actions.tsx";
import { CallDoor } from "./CallDoor.tsx";
import { ConsentLater } from "./ConsentLater.tsx";
import "./consult.css";
import { Facts } from "./Facts.tsx";
import { OpinionPane } from "./OpinionPane.tsx";
import { RoomEntry } from "./RoomEntry.tsx";
import { TeachingPanel } from "./TeachingPanel.tsx";

const WITHOUT_OPINION: readonly string[] = ["requested", "refused", "cancelled", "no-show"];

export function ConsultPage() {
  const { id = "" } = useParams();
  const consult = useQuery(consults.detail(id));
  if (consult.isPending) return <SkeletonRows rows={8} />;
  if (consult.isError) return <ProblemCard failure={consult.error} onRetry={() => void consult.refetch()} />;
  return (
    <div className="col g12">
      <div className="co-beside">
        <Facts consult={consult.data} />
        <div className="col g12">
          <RoomEntry consult={consult.data} />
          <ConsentLater consult={consult.data} />
          <TeachingPanel consult={consult.data} />
          <Actions consult={consult.data} />
          {!WITHOUT_OPINION.includes(consult.data.state) && <OpinionPane id={consult.data.id} />}
        </div>
      </div>
      <CallDoor consult={consult.data} />
    </div>
  );
}
