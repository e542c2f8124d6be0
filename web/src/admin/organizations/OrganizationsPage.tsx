/** `/admin/organizations`: the county's places, their centres and devices. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { organizations } from "../../api/resources/organizations.ts";
import { hasRole, useUser } from "../../api/resources/session.ts";
import type { Organization } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { useScreen } from "../../ui/useScreen.ts";
import { useToast } from "../../ui/useToast.tsx";
import "../admin.css";
import { Heartbeat } from "./Heartbeat.tsx";
import { OrganizationDetail } from "./OrganizationDetail.tsx";
import { OrganizationForm } from "./OrganizationForm.tsx";
import { OrganizationTree } from "./OrganizationTree.tsx";
import { treeOf } from "./tree.ts";

const NEW = "new";

/** The tree as a phone shows it: places only, one card each. */
function Cards({ all, onChoose }: { all: readonly Organization[]; onChoose: (id: string) => void }) {
  const { t } = useTranslation();
  return (
    <ul className="items" aria-label={t("admin.place.title")}>
      {treeOf(all)
        .filter(({ at }) => at === "organization")
        .map(({ organization, depth }) => (
          <li key={organization.id} data-row={organization.id}>
            <button
              type="button"
              className="item"
              style={{ paddingInlineStart: 12 + (depth - 1) * 16 }}
              onClick={() => {
                onChoose(organization.id);
              }}
            >
              <b>{organization.name}</b>
              <span className="row s13 sub">
                {organization.id} · {t(`admin.place.kinds.${organization.kind}`)}
                <span className="sp" />
                <Heartbeat organization={organization.id} />
              </span>
            </button>
          </li>
        ))}
    </ul>
  );
}

interface BesideProps {
  readonly all: readonly Organization[];
  readonly chosen: string | null;
  readonly onChoose: (id: string | null) => void;
}

function Beside({ all, chosen, onChoose }: BesideProps) {
  const { t } = useTranslation();
  const toast = useToast();
  const mayChange = hasRole(useUser(), "administrator");
  const organization = all.find(({ id }) => id === chosen);
  if (chosen === NEW && mayChange)
    return (
      <Panel title={t("admin.place.add")}>
        <OrganizationForm
          all={all}
          onDone={(id) => {
            toast(t("admin.place.added", { id }));
            onChoose(id);
          }}
          onCancel={() => {
            onChoose(null);
          }}
        />
      </Panel>
    );
  if (organization === undefined)
    return (
      <section className="card">
        <EmptyState title={t("admin.place.choose")} text={t("admin.place.chooseText")} />
      </section>
    );
  return <OrganizationDetail key={organization.id} organization={organization} all={all} mayChange={mayChange} />;
}

export function OrganizationsPage() {
  const { t } = useTranslation();
  const phone = useScreen() === "phone";
  const mayChange = hasRole(useUser(), "administrator");
  const places = useQuery(organizations.list);
  const [search, setSearch] = useSearchParams();
  const chosen = search.get("at");
  const choose = (id: string | null) => {
    setSearch(id === null ? {} : { at: id });
  };
  if (places.isPending) return <SkeletonRows />;
  if (places.isLoadingError) return <ProblemCard failure={places.error} onRetry={() => void places.refetch()} />;
  const all = places.data.items;
  const centres = all.reduce((sum, place) => sum + place.centres.length, 0);
  const list = (
    <Panel
      title={t("admin.place.title")}
      aside={t("admin.place.count", { places: all.length, centres })}
      flush
      actions={
        mayChange && (
          <Button
            type="primary"
            icon={<Plus aria-hidden="true" />}
            onClick={() => {
              choose(NEW);
            }}
          >
            {t("admin.place.add")}
          </Button>
        )
      }
    >
      {phone ? (
        <Cards all={all} onChoose={choose} />
      ) : (
        <OrganizationTree leaves={treeOf(all)} chosen={chosen} onChoose={choose} />
      )}
    </Panel>
  );
  const beside = <Beside all={all} chosen={chosen} onChoose={choose} />;
  if (phone) return chosen === null ? list : beside;
  return (
    <div className="admin-columns">
      {list}
      {beside}
    </div>
  );
}
