/** Writes an opinion: saved by itself, seen by whoever writes with me; a colleague's newer words are never overwritten. */
import { Button, Checkbox, Form, Input, Radio } from "antd";
import { useTranslation } from "react-i18next";
import type { ConsultOpinion, OpinionText } from "../api/types.ts";
import { Note } from "../ui/Note.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import type { Draft, DraftEvent } from "./draft.ts";
import { SECTIONS } from "./sections.ts";
import { useOpinion } from "./useOpinion.ts";

const LEVELS = ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"].map((label, at) => ({ label, value: at + 1 }));

interface Writes {
  readonly text: OpinionText;
  readonly onPart: (part: Partial<OpinionText>) => void;
}

function Words({ text, onPart }: Writes) {
  const { t } = useTranslation();
  return SECTIONS.map((name) => (
    <Form.Item key={name} label={t(`consult.opinion.${name}`)} htmlFor={`opinion-${name}`}>
      <Input.TextArea
        id={`opinion-${name}`}
        autoSize={{ minRows: 2 }}
        value={text[name]}
        onChange={(event) => {
          onPart({ [name]: event.target.value });
        }}
      />
    </Form.Item>
  ));
}

function Refers({ text, onPart }: Writes) {
  const { t } = useTranslation();
  const kinds = [
    { value: false, label: t("consult.opinion.refers.no") },
    { value: true, label: t("consult.opinion.refers.yes") },
  ];
  return (
    <div className="row wrap">
      <Radio.Group
        aria-label={t("consult.opinion.refer")}
        value={text.refer}
        options={kinds}
        onChange={(event) => {
          const refer = event.target.value === true;
          onPart({ refer, ...(refer ? {} : { refer_level: null }) });
        }}
      />
      {text.refer === true && (
        <Radio.Group
          aria-label={t("consult.opinion.level")}
          value={text.refer_level}
          options={LEVELS}
          onChange={(event) => {
            onPart({ refer_level: Number(event.target.value) });
          }}
        />
      )}
      <Checkbox
        checked={text.insufficient}
        onChange={(event) => {
          onPart({ insufficient: event.target.checked });
        }}
      >
        {t("consult.opinion.insufficient")}
      </Checkbox>
    </div>
  );
}

function Conflict({ theirs, tell }: { theirs: ConsultOpinion; tell: (event: DraftEvent) => void }) {
  const { t } = useTranslation();
  return (
    <div role="alert">
      <Note tone="due">
        <span>{t("consult.opinion.conflict", { name: theirs.updated_by?.name ?? "" })}</span>
        <Button
          size="small"
          onClick={() => {
            tell({ it: "chose", whose: "mine" });
          }}
        >
          {t("consult.opinion.mine")}
        </Button>
        <Button
          size="small"
          onClick={() => {
            tell({ it: "chose", whose: "theirs" });
          }}
        >
          {t("consult.opinion.theirs")}
        </Button>
      </Note>
    </div>
  );
}

function Stamp({ draft, dirty, others }: { draft: Draft; dirty: boolean; others: string }) {
  const { t } = useTranslation();
  if (draft.saving === "sent") return <span className="s13 mut">{t("consult.opinion.saving")}</span>;
  if (dirty) return <span className="s13 duec">{t("consult.opinion.unsaved")}</span>;
  return <span className="s13 mut">{t("consult.opinion.saved", { name: others })}</span>;
}

export function OpinionEditor({ opinion }: { opinion: ConsultOpinion }) {
  const { t } = useTranslation();
  const { draft, tell, dirty } = useOpinion(opinion);
  const onPart = (part: Partial<OpinionText>) => {
    tell({ it: "typed", part });
  };
  return (
    <Form layout="vertical">
      {draft.theirs !== null && <Conflict theirs={draft.theirs} tell={tell} />}
      <Words text={draft.text} onPart={onPart} />
      <Refers text={draft.text} onPart={onPart} />
      <div role="status">
        <Stamp draft={draft} dirty={dirty} others={t("consult.fact.experts")} />
      </div>
      {draft.theirs === null && <ProblemNote failure={draft.failure} />}
    </Form>
  );
}
