/** The guide says that this can be treated at home: why, and the reason to go on all the same. */
import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { Note } from "../../ui/Note.tsx";

interface Props {
  readonly words: { readonly zh: string; readonly en: string };
  readonly reason: string;
  readonly onReason: (reason: string) => void;
}

export function Scope({ words, reason, onReason }: Props) {
  const { t, i18n } = useTranslation();
  return (
    <Note tone="due">
      <b>{t("errors.WITHIN_BASE_SCOPE.text")}</b>
      <p>{i18n.language === "en" ? words.en : words.zh}</p>
      <Form layout="vertical" component="div">
        <Form.Item label={t("refer.scope.reason")} htmlFor="rf-scope">
          <Input.TextArea
            id="rf-scope"
            rows={2}
            value={reason}
            placeholder={t("refer.scope.hint")}
            onChange={(event) => {
              onReason(event.target.value);
            }}
          />
        </Form.Item>
      </Form>
    </Note>
  );
}
