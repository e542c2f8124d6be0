/** What a township says instead of taking over: a question to the hospital, or that it cannot, with its code. */
import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input, Select } from "antd";
import { MessageSquare, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { mayRun } from "../../api/commands.ts";
import { referrals } from "../../api/resources/referrals.ts";
import type { DeclineCode, ReferralDetail } from "../../api/types.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { Sheet } from "../../ui/Sheet.tsx";

const CODES = ["no-medicine", "no-equipment", "no-bed", "no-capability", "not-fit-for-transport", "other"] as const satisfies readonly DeclineCode[]; // prettier-ignore
const SHORTEST = 4;

interface Props {
  readonly ticket: ReferralDetail;
  readonly onClose: () => void;
}

function Words({ label, words, onWords }: { label: string; words: string; onWords: (words: string) => void }) {
  return (
    <Form.Item label={label} htmlFor="hm-words">
      <Input.TextArea
        id="hm-words"
        rows={3}
        value={words}
        onChange={(event) => {
          onWords(event.target.value);
        }}
      />
    </Form.Item>
  );
}

function Ask({ ticket, onClose }: Props) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const [key] = useState(newKey);
  const ask = useMutation(referrals.command("ask"));
  return (
    <Sheet title={t("township.ask.title")} open onClose={onClose}>
      <Form layout="vertical" component="div">
        <Words label={t("township.ask.words")} words={words} onWords={setWords} />
        <ProblemNote failure={ask.error} />
        <div className="sheet-foot">
          <Button
            type="primary"
            loading={ask.isPending}
            disabled={words.trim().length < SHORTEST}
            onClick={() => {
              ask.mutate({ id: ticket.id, version: ticket.version, key, text: words.trim() }, { onSuccess: onClose });
            }}
          >
            {t("township.ask.send")}
          </Button>
        </div>
      </Form>
    </Sheet>
  );
}

function Cannot({ ticket, missing, onClose }: Props & { missing: readonly string[] }) {
  const { t } = useTranslation();
  const [code, setCode] = useState<DeclineCode | null>(missing.length > 0 ? "no-medicine" : null);
  const [words, setWords] = useState(missing.join("、"));
  const [key] = useState(newKey);
  const decline = useMutation(referrals.command("decline"));
  return (
    <Sheet title={t("township.cannot.title")} open onClose={onClose}>
      <Form layout="vertical" component="div">
        <Form.Item label={t("township.cannot.code")} htmlFor="hm-code">
          <Select<DeclineCode>
            id="hm-code"
            size="large"
            value={code}
            onChange={setCode}
            options={CODES.map((value) => ({ value, label: t(`referral.declineCode.${value}`) }))}
          />
        </Form.Item>
        <Words label={t("township.cannot.words")} words={words} onWords={setWords} />
        <ProblemNote failure={decline.error} />
        <div className="sheet-foot">
          <Button
            danger
            type="primary"
            loading={decline.isPending}
            disabled={code === null}
            onClick={() => {
              const body = { id: ticket.id, version: ticket.version, key, code, reason: words.trim() };
              decline.mutate(body, { onSuccess: onClose });
            }}
          >
            {t("township.cannot.send")}
          </Button>
        </div>
      </Form>
    </Sheet>
  );
}

const BUTTONS = [
  { name: "ask", command: "ask", icon: MessageSquare },
  { name: "cannot", command: "decline", icon: X },
] as const;

/** Beside taking over: ask the hospital, or say that it cannot be done here. */
export function OrElse({ ticket, missing }: { ticket: ReferralDetail; missing: readonly string[] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"ask" | "cannot" | null>(null);
  const close = () => {
    setOpen(null);
  };
  return (
    <>
      {BUTTONS.filter(({ command }) => mayRun(ticket, command)).map(({ name, icon: Icon }) => (
        <Button
          key={name}
          size="large"
          icon={<Icon aria-hidden="true" />}
          onClick={() => {
            setOpen(name);
          }}
        >
          {t(`township.${name}.button`)}
        </Button>
      ))}
      {open === "ask" && <Ask ticket={ticket} onClose={close} />}
      {open === "cannot" && <Cannot ticket={ticket} missing={missing} onClose={close} />}
    </>
  );
}
