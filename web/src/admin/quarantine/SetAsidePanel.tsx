/** Objects that could not be taken in: kept byte for byte, until a person writes what became of them. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Form, Input, Modal } from "antd";
import { PackageX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { setAside } from "../../api/resources/set-aside.ts";
import type { SetAside } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ProblemCard, ProblemNote } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { When } from "../../ui/When.tsx";

function ResolveDialog({ item, onClose }: { item: SetAside; onClose: () => void }) {
  const { t } = useTranslation();
  const resolve = useMutation(setAside.resolve);
  const [form] = Form.useForm<{ readonly resolution: string }>();
  return (
    <Modal
      open
      title={t("admin.aside.resolveTitle")}
      okText={t("admin.aside.resolve")}
      okButtonProps={{ loading: resolve.isPending }}
      onCancel={onClose}
      onOk={form.submit}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={({ resolution }) => {
          resolve.mutate({ id: item.id, resolution, key: newKey() }, { onSuccess: onClose });
        }}
      >
        <Form.Item
          name="resolution"
          label={t("admin.aside.resolution")}
          rules={[{ required: true, whitespace: true, min: 4, message: t("admin.quarantine.reasonNeeded") }]}
        >
          <Input.TextArea rows={3} placeholder={t("admin.aside.resolutionHint")} />
        </Form.Item>
      </Form>
      <ProblemNote failure={resolve.error} />
    </Modal>
  );
}

function Row({ item, onResolve }: { item: SetAside; onResolve: () => void }) {
  const { t, i18n } = useTranslation();
  return (
    <li className="aside-row" data-row={item.id}>
      <PackageX aria-hidden="true" />
      <span className="sp col g4">
        <b>{i18n.language === "en" ? item.reason.en : item.reason.zh}</b>
        <span className="s12 mut">
          {t("admin.aside.from", { place: item.organization, via: item.via, kb: Math.ceil(item.bytes / 1024) })} ·{" "}
          <When at={item.at} />
        </span>
      </span>
      <Tag tone="line">{item.code}</Tag>
      <Button size="small" onClick={onResolve}>
        {t("admin.aside.resolve")}
      </Button>
    </li>
  );
}

export function SetAsidePanel() {
  const { t } = useTranslation();
  const items = useQuery(setAside.list);
  const [open, setOpen] = useState<SetAside | null>(null);
  if (items.isPending) return <SkeletonRows rows={2} />;
  if (items.isError) return <ProblemCard failure={items.error} onRetry={() => void items.refetch()} />;
  return (
    <Panel title={t("admin.aside.title")} aside={t("admin.aside.hint")} flush>
      {items.data.items.length === 0 ? (
        <EmptyState title={t("admin.aside.none")} text={t("admin.aside.noneText")} />
      ) : (
        <ul>
          {items.data.items.map((item) => (
            <Row
              key={item.id}
              item={item}
              onResolve={() => {
                setOpen(item);
              }}
            />
          ))}
        </ul>
      )}
      {open !== null && (
        <ResolveDialog
          item={open}
          onClose={() => {
            setOpen(null);
          }}
        />
      )}
    </Panel>
  );
}
