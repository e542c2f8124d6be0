/** One place beside the tree: its devices, its centres, its facts; changed only by those who may. */
import { Button, Segmented } from "antd";
import { Phone, SquarePen } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Organization } from "../../api/types.ts";
import { Panel } from "../../ui/Panel.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { AeTitles } from "./AeTitles.tsx";
import { OrganizationForm } from "./OrganizationForm.tsx";

function Facts({ organization, all }: { organization: Organization; all: readonly Organization[] }) {
  const { t } = useTranslation();
  const parent = all.find(({ id }) => id === organization.parent_id);
  return (
    <dl className="dl">
      <dt>{t("admin.place.column.kind")}</dt>
      <dd>{t(`admin.place.kinds.${organization.kind}`)}</dd>
      <dt>{t("admin.place.parent")}</dt>
      <dd>{parent?.name ?? "–"}</dd>
      <dt>{t("admin.place.phone")}</dt>
      <dd>
        {organization.phone === "" ? (
          "–"
        ) : (
          <a href={`tel:${organization.phone.replace(/\s/g, "")}`}>
            <Phone aria-hidden="true" /> {organization.phone}
          </a>
        )}
      </dd>
      <dt>{t("admin.place.division")}</dt>
      <dd>{organization.division}</dd>
      <dt>{t("admin.place.recordArea")}</dt>
      <dd>{organization.record_area || "–"}</dd>
      <dt>{t("admin.place.column.beds")}</dt>
      <dd>{organization.beds ?? "–"}</dd>
    </dl>
  );
}

function Centres({ organization }: { organization: Organization }) {
  const { t } = useTranslation();
  return (
    <ul className="col g12">
      {organization.centres.map((centre) => (
        <li key={centre.id} className="device">
          <span className="row">
            <b>{centre.name}</b>
            <span className="sp" />
            <Tag tone="line">{t(`ui.kind.${centre.kind}`)}</Tag>
          </span>
          <span className="s13 sub">
            {centre.modalities.join(" ")} · {t("admin.place.hours", { from: centre.opens, to: centre.closes })}
            {centre.emergency_round_the_clock && ` · ${t("admin.place.always")}`}
          </span>
          <span className="s13 mut">{centre.phone}</span>
        </li>
      ))}
    </ul>
  );
}

interface Props {
  readonly organization: Organization;
  readonly all: readonly Organization[];
  readonly mayChange: boolean;
}

const SIDES = ["devices", "centres", "facts"] as const;
type Side = (typeof SIDES)[number];

function Sides({ organization, all, mayChange }: Props) {
  const { t } = useTranslation();
  const [side, setSide] = useState<Side>("devices");
  const sides = SIDES.filter((name) => name !== "centres" || organization.centres.length > 0);
  return (
    <div className="col g12">
      <Segmented<Side>
        aria-label={organization.name}
        value={side}
        onChange={setSide}
        options={sides.map((value) => ({ value, label: t(`admin.place.tab.${value}`) }))}
      />
      {side === "devices" && <AeTitles organization={organization.id} mayChange={mayChange} />}
      {side === "centres" && <Centres organization={organization} />}
      {side === "facts" && <Facts organization={organization} all={all} />}
    </div>
  );
}

export function OrganizationDetail({ organization, all, mayChange }: Props) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const close = () => {
    setEditing(false);
  };
  return (
    <Panel
      title={organization.name}
      aside={organization.id}
      actions={
        mayChange &&
        !editing && (
          <Button
            icon={<SquarePen aria-hidden="true" />}
            onClick={() => {
              setEditing(true);
            }}
          >
            {t("admin.place.change")}
          </Button>
        )
      }
    >
      {editing ? (
        <OrganizationForm all={all} known={organization} onDone={close} onCancel={close} />
      ) : (
        <Sides organization={organization} all={all} mayChange={mayChange} />
      )}
    </Panel>
  );
}
