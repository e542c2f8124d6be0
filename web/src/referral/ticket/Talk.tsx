/** Events and conversation in one stream; both sides see a line at once. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import {
  Activity,
  Ambulance,
  Bed,
  Check,
  CheckCheck,
  CircleAlert,
  CircleDot,
  CircleX,
  Eye,
  MessageSquare,
  Pause,
  Send,
  Undo2,
  type LucideIcon,
} from "lucide-react";
import { useState, type Ref } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { referrals } from "../../api/resources/referrals.ts";
import type { ReferralDetail } from "../../api/types.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { When } from "../../ui/When.tsx";
import { isSystems, timelineOf, whyOf, type Happening } from "../model/timeline.ts";
import { useTicketWords } from "../useTicketWords.ts";

const ICONS: Readonly<Partial<Record<string, LucideIcon>>> = {
  sent: Send,
  opened: Eye,
  accepted: Check,
  acknowledged: CheckCheck,
  asked: Pause,
  answered: MessageSquare,
  "bed-held": Bed,
  "bay-kept": Bed,
  "bed-offered": Bed,
  "hold-expired": Undo2,
  "hold-released": Undo2,
  "hold-pre-empted": Undo2,
  departed: Ambulance,
  arrived: Check,
  declined: CircleX,
  overdue: CircleAlert,
  retriaged: Activity,
};

function Entry({ it, ticket }: { it: Happening; ticket: ReferralDetail }) {
  const words = useTicketWords();
  const { t } = useTranslation();
  if (it.kind === "message")
    return (
      <li className="tk-said">
        <When at={it.at} bare />
        <span className="avatar tk-avatar" aria-hidden="true">
          {it.message.author.name.slice(0, 1)}
        </span>
        <span>
          <span className="visually-hidden">{it.message.author.name} </span>
          {it.message.text}
        </span>
      </li>
    );
  const { name, actor } = it.event;
  const Icon = ICONS[name] ?? CircleDot;
  const why = whyOf(it.event);
  return (
    <li className={name === "overdue" ? "overc" : ""}>
      <When at={it.at} bare />
      <Icon aria-hidden="true" />
      <span>
        {isSystems(it.event, ticket.events) ? t("referral.bySystem") : actor?.name} {words.event(name, ticket)}
        {why !== "" && <span className="mut">“{why}”</span>}
      </span>
    </li>
  );
}

function Composer({ ticket, field }: { ticket: ReferralDetail; field: Ref<TextAreaRef> }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const say = useMutation(referrals.say);
  const send = () => {
    const line = text.trim();
    if (line === "" || say.isPending) return;
    say
      .mutateAsync({ id: ticket.id, key: newKey(), text: line })
      .then(() => {
        setText("");
      })
      // The note shows the refusal; what was typed stays.
      .catch(() => undefined);
  };
  return (
    <div className="col g4">
      <ProblemNote failure={say.error} />
      <div className="tk-composer">
        <Input.TextArea
          ref={field}
          autoSize={{ minRows: 1, maxRows: 4 }}
          aria-label={t("referral.say")}
          placeholder={t("referral.sayHint")}
          value={text}
          maxLength={4000}
          onChange={(event) => {
            setText(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <Button
          icon={<Send aria-hidden="true" />}
          aria-label={t("referral.sayNow")}
          loading={say.isPending}
          onClick={send}
        />
      </div>
    </div>
  );
}

export function Talk({ ticket, field }: { ticket: ReferralDetail; field: Ref<TextAreaRef> }) {
  const { t } = useTranslation();
  const messages = useQuery(referrals.messages(ticket.id));
  const all = timelineOf(ticket.events, messages.data?.items ?? []);
  return (
    <section className="tk-talk" aria-label={t("referral.talk")}>
      <ul className="tk-stream s13">
        {all.map((it) => (
          <Entry key={it.key} it={it} ticket={ticket} />
        ))}
      </ul>
      <Composer key={ticket.id} ticket={ticket} field={field} />
    </section>
  );
}
