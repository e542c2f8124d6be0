/** `/admin/users`: who may sign in, as what, and where. */
import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { Search, UserPlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { users } from "../../api/resources/users.ts";
import type { User } from "../../api/types.ts";
import { DataTable, type Column } from "../../ui/DataTable.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { useScreen } from "../../ui/useScreen.ts";
import "../admin.css";
import { useRoleText } from "./useRoleText.ts";
import { UserDetail } from "./UserDetail.tsx";
import { UserForm } from "./UserForm.tsx";

const NEW = "new";

function StateTag({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <Tag tone={user.disabled_at === null ? "ok" : "pause"}>
      {t(user.disabled_at === null ? "admin.user.active" : "admin.user.disabled")}
    </Tag>
  );
}

function useColumns(): readonly Column<User>[] {
  const { t } = useTranslation();
  const roleText = useRoleText();
  return [
    { key: "name", title: t("admin.user.name"), cell: ({ name }) => <b>{name}</b> },
    { key: "username", title: t("admin.user.username"), cell: ({ username }) => username },
    { key: "title", title: t("admin.user.title"), cell: ({ title }) => title },
    { key: "roles", title: t("admin.user.roles"), cell: (user) => roleText(user.roles), fluid: true },
    {
      key: "factor",
      title: t("admin.user.secondFactor"),
      cell: ({ second_factor }) => t(second_factor ? "admin.user.enrolled" : "admin.user.notEnrolled"),
    },
    { key: "state", title: t("admin.user.state"), cell: (user) => <StateTag user={user} /> },
  ];
}

function isAskedFor({ name, username, roles }: User, q: string): boolean {
  const places = roles.map(({ organization }) => `${organization.id} ${organization.name}`).join(" ");
  return `${name} ${username} ${places}`.toLowerCase().includes(q.toLowerCase());
}

function List({ q, chosen, onChoose }: { q: string; chosen: string | null; onChoose: (id: string) => void }) {
  const { t } = useTranslation();
  const roleText = useRoleText();
  const columns = useColumns();
  const people = useQuery(users.list);
  if (people.isPending) return <SkeletonRows />;
  if (people.isLoadingError) return <ProblemCard failure={people.error} onRetry={() => void people.refetch()} />;
  const choose = ({ id }: User) => {
    onChoose(id);
  };
  return (
    <DataTable
      label={t("admin.user.listTitle")}
      rows={people.data.items.filter((user) => isAskedFor(user, q))}
      columns={columns}
      rowKey={({ id }) => id}
      selected={chosen}
      onSelect={choose}
      onOpen={choose}
      density="standard"
      card={(user) => (
        <>
          <span className="row">
            <b>{user.name}</b> <span className="sub">{user.username}</span>
            <span className="sp" />
            <StateTag user={user} />
          </span>
          <span className="s13 sub">{roleText(user.roles)}</span>
        </>
      )}
      empty={<EmptyState title={t("admin.user.none")} text={t("admin.user.noneText")} />}
    />
  );
}

function Beside({ chosen, onChoose }: { chosen: string | null; onChoose: (id: string | null) => void }) {
  const { t } = useTranslation();
  const people = useQuery(users.list);
  const user = people.data?.items.find(({ id }) => id === chosen);
  if (chosen === NEW)
    return (
      <UserForm
        onDone={onChoose}
        onCancel={() => {
          onChoose(null);
        }}
      />
    );
  if (user !== undefined) return <UserDetail key={user.id} user={user} />;
  return (
    <section className="card">
      <EmptyState title={t("admin.user.choose")} text={t("admin.user.chooseText")} />
    </section>
  );
}

export function UsersPage() {
  const { t } = useTranslation();
  const phone = useScreen() === "phone";
  const [search, setSearch] = useSearchParams();
  const chosen = search.get("at");
  const q = search.get("q") ?? "";
  const choose = (id: string | null) => {
    setSearch({ ...(q === "" ? {} : { q }), ...(id === null ? {} : { at: id }) });
  };
  const list = (
    <Panel
      title={t("admin.user.listTitle")}
      flush
      actions={
        <>
          <Input
            className="filter"
            allowClear
            prefix={<Search aria-hidden="true" />}
            aria-label={t("admin.user.filter")}
            placeholder={t("admin.user.filterHint")}
            value={q}
            onChange={(event) => {
              setSearch(event.target.value === "" ? {} : { q: event.target.value }, { replace: true });
            }}
          />
          <Button
            type="primary"
            icon={<UserPlus aria-hidden="true" />}
            onClick={() => {
              choose(NEW);
            }}
          >
            {t("admin.user.add")}
          </Button>
        </>
      }
    >
      <List q={q} chosen={chosen} onChoose={choose} />
    </Panel>
  );
  const beside = <Beside chosen={chosen} onChoose={choose} />;
  if (phone) return chosen === null ? list : beside;
  return (
    <div className="admin-columns">
      {list}
      {beside}
    </div>
  );
}
