/** One doubtful study: what came, from whom, why it waits, and what a person may do about it. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import type { Study } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Note } from "../../ui/Note.tsx";
import { FlagTag } from "../../ui/orderTags.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { When } from "../../ui/When.tsx";
import { dayOf } from "./identity.ts";
import { MatchPanel } from "./MatchPanel.tsx";
import { RoutePanel } from "./RoutePanel.tsx";
import { Thumbnail } from "./Thumbnail.tsx";

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="dl-row">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function What({ study }: { study: Study }) {
  const { t } = useTranslation();
  const { dicom_patient: said } = study;
  return (
    <div className="what">
      <Thumbnail key={study.uid} uid={study.uid} text={study.description ?? study.modalities.join(" ")} />
      <dl className="dl">
        <Row name={t("admin.quarantine.saidName")}>
          <b>{said.name || t("admin.quarantine.notSaid")}</b>
        </Row>
        <Row name={t("admin.quarantine.saidRest")}>
          {t(`ui.sex.${said.sex}`)} · {dayOf(said.birth_date) || t("admin.quarantine.notSaid")} · {said.id ?? "–"}
        </Row>
        <Row name={t("admin.quarantine.study")}>
          {study.modalities.join(" ")} {study.description} ·{" "}
          {t("admin.quarantine.images", { count: study.instance_count })}
        </Row>
        <Row name={t("admin.quarantine.from")}>
          {study.organization.name} · <When at={study.received_at} />
        </Row>
      </dl>
    </div>
  );
}

function Doing({ study }: { study: Study }) {
  const { t } = useTranslation();
  const order = useQuery({ ...readingOrders.detail(study.order_id ?? ""), enabled: study.state === "unrouted" });
  if (study.state === "unrouted") return order.data === undefined ? null : <RoutePanel order={order.data} />;
  if (study.state === "quarantined") return <MatchPanel study={study} />;
  return <Note tone="ok">{t("admin.quarantine.settled")}</Note>;
}

export function StudyDetail({ study }: { study: Study | null }) {
  const { t, i18n } = useTranslation();
  if (study === null)
    return (
      <section className="card">
        <EmptyState title={t("admin.quarantine.choose")} text={t("admin.quarantine.chooseText")} />
      </section>
    );
  const why = i18n.language === "en" ? study.reason?.en : study.reason?.zh;
  return (
    <Panel title={t(study.state === "unrouted" ? "admin.quarantine.whereTitle" : "admin.quarantine.whoseTitle")}>
      <div className="col g12">
        {why !== undefined && <Note tone="due">{why}</Note>}
        <What study={study} />
        <span className="row wrap">
          {study.flags.map((flag) => (
            <FlagTag key={flag.code} flag={flag} />
          ))}
        </span>
        <Doing key={study.uid} study={study} />
      </div>
    </Panel>
  );
}
