/** Where to: places for this department, best first; another department or a hospital outside behind one touch. */
import { Form } from "antd";
import { WifiOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Note } from "../../ui/Note.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { Department } from "./Department.tsx";
import type { Refer } from "./useReferForm.ts";
import { Where } from "./Where.tsx";

/** What a person reads in an emergency. */
const MOST = 4;

function Places({ form: { suggestion, places, unheard, target, set } }: { form: Refer }) {
  const { t } = useTranslation();
  if (suggestion.isPending && !unheard) return <SkeletonRows rows={3} />;
  return (
    <>
      <ProblemNote failure={suggestion.error} />
      {unheard && (
        <Note tone="due" icon={WifiOff}>
          {t("refer.where.unheard")}
        </Note>
      )}
      <Where
        targets={places.slice(0, MOST)}
        chosen={target}
        onChoose={(to) => {
          set({ to, outside: "" });
        }}
      />
    </>
  );
}

function Other({ form: { it, set, green, offered } }: { form: Refer }) {
  const { t } = useTranslation();
  const fields = <Department it={it} set={set} offered={offered} />;
  if (!green)
    return (
      <Form layout="vertical" component="div" className="card rf-card">
        {fields}
      </Form>
    );
  return (
    <details className="rf-details">
      <summary>{t("refer.where.other")}</summary>
      <Form layout="vertical" component="div">
        {fields}
      </Form>
    </details>
  );
}

export function Destination({ form }: { form: Refer }) {
  const { t } = useTranslation();
  const { it, green } = form;
  if (it.level === null || (green && it.department === ""))
    return (
      <Panel title={t("refer.where.title")}>
        <p className="sub">{t("refer.where.first")}</p>
      </Panel>
    );
  return (
    <section className="col" aria-label={t("refer.where.title")}>
      {!green && <Other form={form} />}
      {it.department !== "" && <Places form={form} />}
      {green && <Other form={form} />}
    </section>
  );
}
