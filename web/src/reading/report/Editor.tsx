/** Findings and impression, ticks, templates; what is not confirmed yet is counted and found with one key. */
import { Button, Checkbox, Dropdown, Input } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { FileText, TriangleAlert } from "lucide-react";
import { useRef, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { Kind, Report, ReportText } from "../../api/types.ts";
import { keysOf } from "../../keys/bindings.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { Kbd } from "../../ui/Kbd.tsx";
import { Note } from "../../ui/Note.tsx";
import { blanksIn } from "./draft.ts";
import { TEMPLATES } from "./templates.ts";

interface Props {
  readonly kind: Kind;
  readonly text: ReportText;
  readonly onEdit: (changed: Partial<ReportText>) => void;
  readonly report: Report;
}

type Section = "findings" | "impression";

function Field(props: {
  name: Section;
  text: string;
  rows: number;
  box: RefObject<TextAreaRef | null>;
  onEdit: Props["onEdit"];
}) {
  const { name, text, rows, box, onEdit } = props;
  const { t } = useTranslation();
  return (
    <label className={`editor-field editor-${name}`}>
      <span className="s13 sub">{t(`reading.${name}`)}</span>
      <Input.TextArea
        ref={box}
        aria-label={t(`reading.${name}`)}
        value={text}
        rows={rows}
        maxLength={32_000}
        onChange={(event) => {
          onEdit({ [name]: event.target.value });
        }}
      />
    </label>
  );
}

/** Selects the next ［…］, after the caret or from the beginning. */
function selectBlank(boxes: readonly (TextAreaRef | null)[]): void {
  for (const box of boxes) {
    const area = box?.resizableTextArea?.textArea;
    const [blank] = area === undefined ? [] : blanksIn(area.value);
    if (area === undefined || blank === undefined) continue;
    area.focus();
    area.setSelectionRange(blank.from, blank.to);
    return;
  }
}

function Templates({ kind, onUse }: { kind: Kind; onUse: (name: (typeof TEMPLATES)[Kind][number]) => void }) {
  const { t } = useTranslation();
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: TEMPLATES[kind].map((key) => ({ key, label: t(`reading.template.${key}.name`) })),
        onClick: ({ key }) => {
          const found = TEMPLATES[kind].find((it) => it === key);
          if (found !== undefined) onUse(found);
        },
      }}
    >
      <Button size="small" icon={<FileText aria-hidden="true" />}>
        {t("reading.templates")}
      </Button>
    </Dropdown>
  );
}

const joined = (before: string, added: string) => [before.trim(), added].filter(Boolean).join("\n");

/** Positive, critical, and the templates. */
function Ticks({ kind, text, onEdit }: Omit<Props, "report">) {
  const { t } = useTranslation();
  return (
    <div className="row wrap">
      <Checkbox
        checked={text.positive}
        onChange={(event) => {
          onEdit({ positive: event.target.checked });
        }}
      >
        {t("reading.positive")}
      </Checkbox>
      <Checkbox
        className="editor-critical"
        checked={text.critical}
        onChange={(event) => {
          onEdit({ critical: event.target.checked, ...(event.target.checked ? { positive: true } : {}) });
        }}
      >
        {t("reading.critical")}
      </Checkbox>
      <span className="sp" />
      <Templates
        kind={kind}
        onUse={(name) => {
          onEdit({
            findings: joined(text.findings, t(`reading.template.${name}.findings`)),
            impression: joined(text.impression, t(`reading.template.${name}.impression`)),
          });
        }}
      />
    </div>
  );
}

export function Editor({ kind, text, onEdit, report }: Props) {
  const { t } = useTranslation();
  const findings = useRef<TextAreaRef>(null);
  const impression = useRef<TextAreaRef>(null);
  const blanks = blanksIn(text.findings).length + blanksIn(text.impression).length;
  const nextBlank = () => {
    selectBlank([findings.current, impression.current]);
  };
  useKeys("report", { nextBlank });
  return (
    <div className="editor">
      {report.sent_back_reason !== null && (
        <Note tone="due">{t("reading.sentBack", { reason: report.sent_back_reason })}</Note>
      )}
      <div className="editor-fields">
        <Field name="findings" text={text.findings} rows={kind === "ecg" ? 3 : 5} box={findings} onEdit={onEdit} />
        <Field
          name="impression"
          text={text.impression}
          rows={kind === "ecg" ? 3 : 5}
          box={impression}
          onEdit={onEdit}
        />
      </div>
      <Ticks kind={kind} text={text} onEdit={onEdit} />
      {blanks > 0 && (
        <Note tone="due" icon={TriangleAlert}>
          {t("reading.blanks", { count: blanks })}{" "}
          <Button size="small" onClick={nextBlank}>
            {t("reading.nextBlank")} <Kbd keys={keysOf("report", "nextBlank")} />
          </Button>
        </Note>
      )}
    </div>
  );
}
