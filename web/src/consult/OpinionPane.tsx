/** The opinion beside what was asked: written by its experts, read by the township once it is signed. */
import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { mayRun } from "../api/commands.ts";
import { codeOf } from "../api/problems.ts";
import { consults } from "../api/resources/consults.ts";
import type { ConsultOpinion } from "../api/types.ts";
import { Note } from "../ui/Note.tsx";
import { Panel } from "../ui/Panel.tsx";
import { ProblemCard } from "../ui/ProblemNote.tsx";
import { SkeletonRows } from "../ui/Skeletons.tsx";
import { When } from "../ui/When.tsx";
import { OpinionEditor } from "./OpinionEditor.tsx";
import { Print } from "./Print.tsx";
import { SECTIONS } from "./sections.ts";

function Signed({ opinion }: { opinion: ConsultOpinion }) {
  const { t } = useTranslation();
  const standing = opinion.signatures.filter(({ voided_at }) => voided_at === null);
  return (
    <>
      {standing.map(({ user, role, at }) => (
        <span key={user.id} className="s13 sub">
          {t("consult.opinion.signed", {
            name: user.name,
            role: t(role === "host" ? "consult.opinion.host" : "consult.opinion.expert"),
          })}{" "}
          <When at={at} />
        </span>
      ))}
    </>
  );
}

function Reading({ opinion }: { opinion: ConsultOpinion }) {
  const { t } = useTranslation();
  const level = opinion.refer_level === null ? "" : (["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"][opinion.refer_level - 1] ?? "");
  return (
    <div className="col g8">
      <dl className="dl">
        {SECTIONS.filter((name) => opinion[name] !== "").map((name) => (
          <Fragment key={name}>
            <dt>{t(`consult.opinion.${name}`)}</dt>
            <dd className="co-said">{opinion[name]}</dd>
          </Fragment>
        ))}
        {opinion.refer !== null && (
          <>
            <dt>{t("consult.opinion.refer")}</dt>
            <dd>
              {t(opinion.refer ? "consult.opinion.refers.yes" : "consult.opinion.refers.no")} {level}
            </dd>
          </>
        )}
      </dl>
      <Signed opinion={opinion} />
    </div>
  );
}

export function OpinionPane({ id }: { id: string }) {
  const { t } = useTranslation();
  const opinion = useQuery({ ...consults.opinion(id), retry: false });
  if (opinion.isPending) return <SkeletonRows rows={3} />;
  // Until it is signed there is none for whoever asked: that is no failure.
  if (opinion.isError && codeOf(opinion.error) === "NOT_FOUND") return <Note>{t("consult.opinion.none")}</Note>;
  if (opinion.isError) return <ProblemCard failure={opinion.error} onRetry={() => void opinion.refetch()} />;
  const writes = mayRun(opinion.data, "write-opinion");
  return (
    <Panel
      title={t("consult.opinion.title")}
      aside={opinion.data.number}
      actions={opinion.data.signed_at !== null && <Print id={id} paper="opinion" />}
    >
      <div className="col g12">
        <Note>{t("consult.opinion.notDiagnosis")}</Note>
        {writes ? <OpinionEditor key={id} opinion={opinion.data} /> : <Reading opinion={opinion.data} />}
      </div>
    </Panel>
  );
}
