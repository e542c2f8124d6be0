/** Who was in the call, from when to when, and how each one's line did in words. */
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import type { CallLine, CallStay } from "../../api/types.ts";
import { Tag, type Tone } from "../../ui/Tag.tsx";
import { hoursOf, lineWordOf, percent, type LineWord } from "./words.ts";

const TONES: Readonly<Record<LineWord, Tone>> = {
  clear: "ok",
  fair: "plain",
  poor: "due",
  "audio-only": "due",
  unknown: "plain",
};

/** The numbers behind the word. */
function Measured({ line }: { line: CallLine }) {
  const { t } = useTranslation();
  const said = [
    line.rtt_ms === null ? "" : t("call.people.rtt", { ms: String(Math.round(line.rtt_ms)) }),
    line.loss === null ? "" : t("call.people.loss", { percent: String(percent(line.loss)) }),
    line.frozen > 0 ? t("call.people.frozen", { percent: String(percent(line.frozen)) }) : "",
  ];
  return <span className="mut s12">{said.filter((it) => it !== "").join(" · ")}</span>;
}

function Line({ line }: { line: CallLine | undefined }) {
  const { t } = useTranslation();
  const word = lineWordOf(line);
  return (
    <div className="row wrap">
      <Tag tone={TONES[word]}>{t(`call.people.line.${word}`)}</Tag>
      {line !== undefined && <Measured line={line} />}
    </div>
  );
}

function Spans({ spans, cuts }: Pick<CallStay, "spans" | "cuts">) {
  const { t } = useTranslation();
  return (
    <div className="row wrap s13">
      {spans.map(({ since, until }) => (
        <span key={since} className="nw">
          {until === null ? t("call.people.still", { since: civil(since).time }) : hoursOf(since, until)}
        </span>
      ))}
      {cuts > 0 && <span className="duec nw">{t("call.people.cuts", { count: cuts })}</span>}
    </div>
  );
}

const ROLES = ["host", "expert", "sender", "patient", "observer"] as const;

function Who({ name, role, title, organization }: Pick<CallStay, "name" | "role" | "title" | "organization">) {
  const { t } = useTranslation();
  const known = ROLES.find((it) => it === role);
  return (
    <div>
      <b>{name}</b>{" "}
      <span className="mut s13">
        {[known === undefined ? "" : t(`room.role.${known}`), title, organization].filter(Boolean).join(" · ")}
      </span>
    </div>
  );
}

interface Props {
  readonly people: readonly CallStay[];
  readonly lines: readonly CallLine[];
}

/** A line of somebody of whom no time was kept stands all the same. */
function all({ people, lines }: Props): readonly CallStay[] {
  const known = new Set(people.map(({ person }) => person));
  const rest = lines.filter(({ person }) => !known.has(person));
  const blank = { role: "", title: "", organization: "", cuts: 0 };
  return [
    ...people,
    ...rest.map(({ person, name, since, until }) => ({ ...blank, person, name, spans: [{ since, until }] })),
  ];
}

export function People(props: Props) {
  const { t } = useTranslation();
  const people = all(props);
  return (
    <section aria-label={t("call.people.title")}>
      <h3>{t("call.people.title")}</h3>
      {people.length === 0 ? (
        <p className="mut">{t("call.people.none")}</p>
      ) : (
        <ul className="ck-list">
          {people.map(({ person, spans, cuts, ...who }) => (
            <li key={person}>
              <Who {...who} />
              <Spans spans={spans} cuts={cuts} />
              <Line line={props.lines.find((it) => it.person === person)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
