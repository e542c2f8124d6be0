/** No rule found a centre: a person names one, with a reason. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Form, Input, Radio } from "antd";
import { Waypoints } from "lucide-react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { organizations } from "../../api/resources/organizations.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import type { Order } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { useToast } from "../../ui/useToast.tsx";

interface Values {
  readonly centre_id: string;
  readonly reason: string;
}

export function RoutePanel({ order }: { order: Order }) {
  const { t, i18n } = useTranslation();
  const toast = useToast();
  const route = useMutation(readingOrders.route);
  const places = useQuery(organizations.list);
  const centres = (places.data?.items ?? []).flatMap(({ centres: own, name }) =>
    own.map((centre) => ({ ...centre, place: name })),
  );
  const why = i18n.language === "en" ? order.route_reason?.en : order.route_reason?.zh;
  const submit = ({ centre_id, reason }: Values) => {
    // By promise: the order leaves the list with the answer, and this panel with it.
    route.mutateAsync({ id: order.id, version: order.version, key: newKey(), centre_id, reason }).then(
      () => {
        toast(t("admin.quarantine.routed"));
      },
      () => undefined,
    );
  };
  return (
    <Form<Values> layout="vertical" onFinish={submit}>
      {why !== undefined && <Note tone="due">{t("admin.quarantine.whyNoRoute", { why })}</Note>}
      <Form.Item
        name="centre_id"
        label={t("admin.quarantine.centre")}
        rules={[{ required: true, message: t("admin.quarantine.centreNeeded") }]}
      >
        <Radio.Group className="col">
          {centres.map((centre) => (
            <Radio key={centre.id} value={centre.id}>
              {centre.place} · {centre.name}
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
      <Form.Item
        name="reason"
        label={t("admin.quarantine.reason")}
        rules={[{ required: true, whitespace: true, min: 4, message: t("admin.quarantine.reasonNeeded") }]}
      >
        <Input.TextArea rows={2} />
      </Form.Item>
      <ProblemNote failure={route.error} />
      <Button type="primary" htmlType="submit" icon={<Waypoints aria-hidden="true" />} loading={route.isPending}>
        {t("admin.quarantine.route")}
      </Button>
    </Form>
  );
}
