/** Which request the study answers: one that waits for images, or none. */
import { Radio } from "antd";
import { useTranslation } from "react-i18next";
import type { Order } from "../../api/types.ts";

interface Props {
  readonly orders: readonly Order[];
  readonly chosen: string | null;
  readonly onChoose: (order: string | null) => void;
}

export function OrderChoice({ orders, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  if (orders.length === 0) return null;
  return (
    <fieldset className="choice">
      <legend>{t("admin.quarantine.forOrder")}</legend>
      <Radio.Group
        value={chosen ?? ""}
        onChange={(event) => {
          const value: unknown = event.target.value;
          onChoose(typeof value === "string" && value !== "" ? value : null);
        }}
      >
        {orders.map((order) => (
          <Radio key={order.id} value={order.id}>
            {order.number} · {t(`ui.kind.${order.kind}`)} · {order.question}
          </Radio>
        ))}
        <Radio value="">{t("admin.quarantine.noOrder")}</Radio>
      </Radio.Group>
    </fieldset>
  );
}
