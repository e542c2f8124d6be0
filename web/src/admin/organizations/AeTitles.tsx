/** The devices of a place: under which name they call, when they were last heard, and stopping one. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { App, Button } from "antd";
import { Ban, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { organizations } from "../../api/resources/organizations.ts";
import type { AeTitle } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ProblemCard, ProblemNote } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { AeTitleForm } from "./AeTitleForm.tsx";
import { Heard } from "./Heartbeat.tsx";

function Facts({ device }: { device: AeTitle }) {
  const { t } = useTranslation();
  return (
    <dl className="dl">
      <dt>AE</dt>
      <dd>{t("admin.device.calls", { title: device.ae_title })}</dd>
      <dt>{t("admin.device.from")}</dt>
      <dd>{device.addresses.join(", ") || t("admin.device.anywhere")}</dd>
      <dt>{t("admin.device.back")}</dt>
      <dd>{device.host === null ? t("admin.device.noBack") : `${device.host}:${String(device.port ?? 104)}`}</dd>
      {device.charset !== null && (
        <>
          <dt>{t("admin.device.charset")}</dt>
          <dd>{device.charset}</dd>
        </>
      )}
    </dl>
  );
}

function Stop({ device }: { device: AeTitle }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const disable = useMutation(organizations.disableAeTitle);
  const ask = () => {
    modal.confirm({
      title: t("admin.device.disableTitle", { title: device.ae_title }),
      content: t("admin.device.disableText"),
      okText: t("admin.device.disable"),
      okButtonProps: { danger: true },
      onOk: () => {
        disable.mutate({ id: device.organization_id, ae: device.ae_title, key: newKey() });
      },
    });
  };
  return (
    <span className="col">
      <span>
        <Button size="small" icon={<Ban aria-hidden="true" />} loading={disable.isPending} onClick={ask}>
          {t("admin.device.disable")}
        </Button>
      </span>
      <ProblemNote failure={disable.error} />
    </span>
  );
}

function Device({ device, mayChange }: { device: AeTitle; mayChange: boolean }) {
  const { t } = useTranslation();
  const stopped = device.disabled_at !== null;
  return (
    <li className="device">
      <span className="row">
        <b>{device.description || device.ae_title}</b>
        <span className="sp" />
        {stopped ? <Tag tone="pause">{t("admin.device.stopped")}</Tag> : <Heard at={device.last_seen_at} />}
      </span>
      <Facts device={device} />
      {mayChange && !stopped && <Stop device={device} />}
    </li>
  );
}

export function AeTitles({ organization, mayChange }: { organization: string; mayChange: boolean }) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const titles = useQuery(organizations.aeTitles(organization));
  if (titles.isPending) return <SkeletonRows rows={2} />;
  if (titles.isLoadingError) return <ProblemCard failure={titles.error} onRetry={() => void titles.refetch()} />;
  return (
    <div className="col g12">
      {titles.data.items.length === 0 && (
        <EmptyState title={t("admin.device.noneTitle")} text={t("admin.device.noneText")} />
      )}
      <ul className="col g12">
        {titles.data.items.map((device) => (
          <Device key={device.ae_title} device={device} mayChange={mayChange} />
        ))}
      </ul>
      {mayChange && !adding && (
        <span>
          <Button
            icon={<Plus aria-hidden="true" />}
            onClick={() => {
              setAdding(true);
            }}
          >
            {t("admin.device.add")}
          </Button>
        </span>
      )}
      {adding && (
        <AeTitleForm
          organization={organization}
          onDone={() => {
            setAdding(false);
          }}
        />
      )}
    </div>
  );
}
