/** What was written, in its order; beside a recording it goes along with it, and each line leads to its moment. */
import { useEffect, useRef, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { civil, instant } from "../../api/clock.ts";
import type { CallMessage } from "../../api/types.ts";
import { beginning, type Shown } from "./shown.ts";
import { writtenBy } from "./words.ts";

interface Props {
  readonly messages: readonly CallMessage[];
  readonly shown: Shown | null;
}

const nobody = () => () => undefined;

/** How many messages had been written where the recording stands; null without one. */
function useWritten(messages: readonly CallMessage[], shown: Shown | null): number | null {
  return useSyncExternalStore(shown === null ? nobody : shown.player.subscribe, () =>
    shown === null ? null : writtenBy(messages, beginning(shown) + shown.player.read().at),
  );
}

function Time({ message, shown }: { message: CallMessage; shown: Shown | null }) {
  const { t } = useTranslation();
  const time = civil(message.at).timeWithSeconds;
  const at = shown === null ? -1 : instant(message.at) - beginning(shown);
  if (shown === null || at < 0 || at > shown.player.timeline.total) return <span className="nw">{time}</span>;
  return (
    <button
      type="button"
      className="ck-jump"
      aria-label={t("call.chat.jump", { time })}
      onClick={() => {
        shown.player.seek(at);
      }}
    >
      {time}
    </button>
  );
}

const ROLES = ["host", "expert", "sender", "patient", "observer"] as const;

function Said({ message, shown }: { message: CallMessage; shown: Shown | null }) {
  const { t } = useTranslation();
  const role = ROLES.find((it) => it === message.role);
  return (
    <>
      <span className="mut s12">
        {message.name} {role !== undefined && t(`room.role.${role}`)} <Time message={message} shown={shown} />
      </span>
      <span className="co-said">{message.text}</span>
    </>
  );
}

export function Chat({ messages, shown }: Props) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const written = useWritten(messages, shown);
  useEffect(() => {
    const box = list.current;
    const line = written === null ? null : box?.children.item(Math.max(0, written - 1));
    if (box === null || !(line instanceof HTMLElement)) return;
    // The list scrolls, the page does not.
    box.scrollTop = line.offsetTop - box.offsetTop - box.clientHeight / 2;
  }, [written]);
  const now = (index: number) => written !== null && index === written - 1;
  const ahead = (index: number) => written !== null && index >= written;
  return (
    <section className="ck-chat" aria-label={t("call.chat.title")}>
      <h3>{t("call.chat.title")}</h3>
      {messages.length === 0 ? (
        <p className="mut">{t("call.chat.none")}</p>
      ) : (
        // What scrolls must be reached by keys too.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <ol ref={list} aria-label={t("call.chat.title")} tabIndex={0}>
          {messages.map((message, index) => (
            <li
              key={message.id}
              className={now(index) ? "ck-now" : ahead(index) ? "ck-ahead" : ""}
              aria-current={now(index) ? "time" : undefined}
            >
              <Said message={message} shown={shown} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
