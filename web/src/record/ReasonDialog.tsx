/** Asks for a written reason; the answer is one sentence that somebody else will read. */
import { Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Note } from "../ui/Note.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";

interface Props {
  readonly title: string;
  readonly text: string;
  readonly submit: string;
  readonly failure: unknown;
  readonly pending: boolean;
  readonly danger?: boolean;
  readonly onClose: () => void;
  readonly onReason: (reason: string) => void;
}

const SHORTEST = 4;

export function ReasonDialog({ title, text, submit, failure, pending, danger = false, onClose, onReason }: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const short = reason.trim().length < SHORTEST;
  return (
    <Modal
      open
      title={title}
      okText={submit}
      okButtonProps={{ danger, loading: pending }}
      onCancel={onClose}
      onOk={() => {
        setTried(true);
        if (!short) onReason(reason.trim());
      }}
    >
      <div className="col g12">
        <Note>{text}</Note>
        <Form layout="vertical">
          <Form.Item
            label={t("record.reason.label")}
            htmlFor="reason"
            {...(tried && short ? { validateStatus: "error" as const, help: t("record.reason.needed") } : {})}
          >
            <Input.TextArea
              id="reason"
              rows={2}
              value={reason}
              onChange={(event) => {
                setReason(event.target.value);
              }}
            />
          </Form.Item>
        </Form>
        <ProblemNote failure={failure} />
      </div>
    </Modal>
  );
}
