/** What was written, kept in the record; a line of mine waits here until the hub has it. */
import { Button, Input } from "antd";
import { SendHorizontal } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import { useRoom } from "./context.ts";

function Write() {
  const { t } = useTranslation();
  const { session, room } = useRoom();
  const [text, setText] = useState("");
  if (!room.may.includes("chat")) return null;
  const send = () => {
    const words = text.trim();
    if (words === "") return;
    setText("");
    void session.say(words);
  };
  return (
    <form
      className="cr-write"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Input.TextArea
        id="room-talk"
        autoSize={{ minRows: 1, maxRows: 4 }}
        maxLength={2000}
        value={text}
        aria-label={t("room.chat.write")}
        placeholder={t("room.chat.write")}
        onChange={({ target }) => {
          setText(target.value);
        }}
        onPressEnter={(event) => {
          if (event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <Button
        type="primary"
        htmlType="submit"
        icon={<SendHorizontal aria-hidden="true" />}
        aria-label={t("room.chat.send")}
      />
    </form>
  );
}

export function ChatPane() {
  const { t } = useTranslation();
  const { call } = useRoom();
  const list = useRef<HTMLOListElement>(null);
  const { chats, unsent, me } = call;
  useEffect(() => {
    if (list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  }, [chats.length, unsent.length]);
  return (
    <div className="cr-chat">
      {/* What scrolls must be reached by keys too. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <ol ref={list} aria-label={t("room.chat.label")} aria-live="polite" tabIndex={0}>
        {chats.length + unsent.length === 0 && <li className="mut">{t("room.chat.none")}</li>}
        {chats.map(({ id, seat, name, role, text, at }) => (
          <li key={id} className={seat === me ? "cr-said cr-mine" : "cr-said"}>
            <span className="mut s12">
              {seat === me ? t("room.tile.me") : `${name} ${t(`room.role.${role}`)}`} {civil(at).time}
            </span>
            <span>{text}</span>
          </li>
        ))}
        {unsent.map(({ key, text, failed }) => (
          <li key={key} className="cr-said cr-mine">
            <span className="duec s12">{t(failed ? "room.chat.unsent" : "room.chat.sending")}</span>
            <span>{text}</span>
          </li>
        ))}
      </ol>
      <Write />
    </div>
  );
}
