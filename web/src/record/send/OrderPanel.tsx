/** What is asked of the centre: kind, how soon and why, the question, the history; and where it will go. */
import { Form, Input, Segmented } from "antd";
import { Waypoints } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Priority, RoutePreview } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { useSpanText } from "../../ui/useSpanText.ts";
import { asksSomething, KINDS, type Draft } from "./model/draft.ts";

const PRIORITIES: readonly Priority[] = ["routine", "urgent", "emergency"];
const REASONS = [
  "chestPain",
  "stroke",
  "trauma",
  "obstetric",
  "breathless",
  "consciousness",
  "abdomen",
  "other",
] as const;

function Reasons({ chosen, onChange }: { chosen: readonly string[]; onChange: (words: readonly string[]) => void }) {
  const { t } = useTranslation();
  return (
    <div className="row wrap" role="group" aria-label={t("record.order.reasons")}>
      {REASONS.map((name) => {
        const word = t(`record.order.reason.${name}`);
        const on = chosen.includes(word);
        return (
          <button
            key={name}
            type="button"
            className={on ? "chip chip-on" : "chip"}
            aria-pressed={on}
            onClick={() => {
              onChange(on ? chosen.filter((it) => it !== word) : [...chosen, word]);
            }}
          >
            {word}
          </button>
        );
      })}
    </div>
  );
}

function Route({ route }: { route: RoutePreview | null }) {
  const { t, i18n } = useTranslation();
  const span = useSpanText();
  if (route === null) return null;
  const why = i18n.language === "en" ? route.reason.en : route.reason.zh;
  return (
    <Note tone={route.centre === null ? "due" : "info"} icon={Waypoints}>
      {route.centre === null
        ? t("record.order.routeNone", { why })
        : t("record.order.routeTo", {
            centre: route.centre.name,
            why,
            limit: route.limit_minutes === null ? "–" : span.words(route.limit_minutes * 60_000),
          })}
    </Note>
  );
}

interface Props {
  readonly draft: Draft;
  readonly route: RoutePreview | null;
  readonly onChange: (changed: Partial<Draft>) => void;
}

function Choices({ draft, onChange }: Omit<Props, "route">) {
  const { t } = useTranslation();
  return (
    <>
      <div className="order-grid">
        <Form.Item label={t("record.order.kind")}>
          <Segmented
            block
            aria-label={t("record.order.kind")}
            value={draft.kind ?? ""}
            onChange={(value) => {
              onChange({ kind: KINDS.find((kind) => kind === value) ?? null });
            }}
            options={KINDS.map((value) => ({ value, label: t(`record.order.kinds.${value}`) }))}
          />
        </Form.Item>
        <Form.Item label={t("record.order.priority")}>
          <Segmented<Priority>
            block
            aria-label={t("record.order.priority")}
            value={draft.priority}
            onChange={(priority) => {
              onChange({ priority });
            }}
            options={PRIORITIES.map((value) => ({ value, label: t(`ui.priority.${value}`) }))}
          />
        </Form.Item>
      </div>
      {draft.priority !== "routine" && (
        <Form.Item
          label={t("record.order.reasons")}
          extra={draft.priority === "emergency" ? t("record.order.emergencyCounted") : undefined}
        >
          <Reasons
            chosen={draft.reasons}
            onChange={(reasons) => {
              onChange({ reasons });
            }}
          />
        </Form.Item>
      )}
    </>
  );
}

export function OrderPanel({ draft, route, onChange }: Props) {
  const { t } = useTranslation();
  const empty = draft.question.trim() !== "" && !asksSomething(draft.question);
  return (
    <Panel title={t("record.order.title")}>
      <Form layout="vertical" component="div">
        <Choices draft={draft} onChange={onChange} />
        <Form.Item
          label={t("record.order.question")}
          htmlFor="question"
          {...(empty ? { validateStatus: "error" as const, help: t("record.order.questionEmpty") } : {})}
        >
          <Input.TextArea
            id="question"
            autoSize={{ minRows: 2, maxRows: 6 }}
            value={draft.question}
            placeholder={t("record.order.questionHint")}
            onChange={(event) => {
              onChange({ question: event.target.value });
            }}
          />
        </Form.Item>
        <Form.Item label={t("record.order.history")} htmlFor="history">
          <Input.TextArea
            id="history"
            autoSize={{ minRows: 2, maxRows: 6 }}
            value={draft.history}
            placeholder={t("record.order.historyHint")}
            onChange={(event) => {
              onChange({ history: event.target.value });
            }}
          />
        </Form.Item>
      </Form>
      <Route route={route} />
    </Panel>
  );
}
