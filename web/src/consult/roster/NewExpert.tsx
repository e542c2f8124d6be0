/** Puts a consultant of one's own house on the roster: first who, then what she practises and since when. */
import { useQuery } from "@tanstack/react-query";
import { Form, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { consults } from "../../api/resources/consults.ts";
import { Note } from "../../ui/Note.tsx";
import { ExpertFormFields } from "./ExpertFormFields.tsx";

export function NewExpert({ organization, onDone }: { organization: string; onDone: () => void }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const candidates = useQuery(consults.candidates(organization));
  if (candidates.isSuccess && candidates.data.items.length === 0) return <Note>{t("consult.roster.nobody")}</Note>;
  return (
    <>
      <Form layout="vertical">
        <Form.Item label={t("consult.roster.who")} htmlFor="roster-who">
          <Select
            id="roster-who"
            loading={candidates.isPending}
            value={chosen}
            onChange={setChosen}
            options={(candidates.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Form.Item>
      </Form>
      {chosen !== null && (
        <ExpertFormFields key={chosen} id={chosen} organization={organization} expert={null} onDone={onDone} />
      )}
    </>
  );
}
