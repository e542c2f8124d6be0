/** What may be done, from the hub's commands only: the next step large, the others beside, grey ones with their reason. */
import { Button, Dropdown } from "antd";
import {
  Ambulance,
  Bed,
  Check,
  CornerUpRight,
  DoorOpen,
  Ellipsis,
  Lock,
  MessageSquare,
  X,
  type LucideIcon,
} from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { ReferralCommand } from "../../api/resources/referrals.ts";
import type { Referral, ReferralDetail } from "../../api/types.ts";
import { keysOf } from "../../keys/bindings.ts";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { actionsOf, isAnswer, type Actions, type Offered } from "../model/actions.ts";
import { useTicketWords } from "../useTicketWords.ts";
import { Moved } from "./Moved.tsx";
import type { Acting } from "./useActing.ts";

const ICONS: Readonly<Partial<Record<ReferralCommand, LucideIcon>>> = {
  accept: Check,
  acknowledge: Check,
  open: DoorOpen,
  ask: MessageSquare,
  answer: MessageSquare,
  redirect: CornerUpRight,
  decline: X,
  "hold-bed": Bed,
  admit: Bed,
  depart: Ambulance,
  arrive: DoorOpen,
};

function iconOf(name: ReferralCommand): { icon?: LucideIcon } {
  const icon = ICONS[name];
  return icon === undefined ? {} : { icon };
}

type Refused = Offered & { readonly allowed: false };

function isRefused(command: Offered): command is Refused {
  return !command.allowed;
}

function More({ rest, acting }: { rest: readonly Offered[]; acting: Acting }) {
  const { t } = useTranslation();
  if (rest.length === 0) return null;
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: rest.map(({ name }) => ({ key: name, label: t(`referral.command.${name}`), danger: name === "die" })),
        onClick: ({ key }) => {
          const chosen = rest.find(({ name }) => name === key);
          if (chosen !== undefined) acting.start(chosen.name);
        },
      }}
    >
      <Button size="large" icon={<Ellipsis aria-hidden="true" />}>
        {t("referral.more")}
      </Button>
    </Dropdown>
  );
}

/** One decision below, at most two more beside it; grey ones are said, not drawn. */
function forPhone({ bar, rest }: Actions): Pick<Actions, "bar" | "rest"> {
  const may = bar.filter(({ allowed }) => allowed);
  const beside = may.length + (rest.length > 0 ? 1 : 0) <= 2 ? may : may.slice(0, 1);
  return { bar: beside, rest: [...may.slice(beside.length), ...rest] };
}

interface BarProps {
  readonly ticket: Referral | ReferralDetail;
  readonly acting: Acting;
  /** On the phone: the decision below, wide. */
  readonly phone?: boolean;
}

function Main({ ticket, acting, phone }: { ticket: Referral; acting: Acting; phone: boolean }) {
  const { t } = useTranslation();
  const { main } = actionsOf(ticket);
  if (main === null) return null;
  return (
    <CommandButton
      command={main}
      pending={acting.pending === main.name}
      onRun={() => {
        acting.start(main.name);
      }}
      {...iconOf(main.name)}
      {...(!phone && isAnswer(main) ? { keys: keysOf("referral", "accept") } : {})}
      look={{ type: "primary", size: "large", block: phone, className: "tk-main" }}
    >
      {t(`referral.command.${main.name}`)}
    </CommandButton>
  );
}

function Reasons({ ticket, refused, id }: { ticket: Referral; refused: readonly Refused[]; id: string }) {
  const { t } = useTranslation();
  const words = useTicketWords();
  if (refused.length === 0) return null;
  return (
    <ul className="tk-refused">
      {refused.map((command) => (
        <li key={command.name} className="why">
          <Lock aria-hidden="true" />
          <span>
            {t("referral.refused", { what: t(`referral.command.${command.name}`) })}
            <span id={`${id}-${command.name}`}>{words.refused(ticket, command)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

interface Drawn extends Actions {
  readonly refused: readonly Refused[];
}

function drawn(ticket: Referral, phone: boolean): Drawn {
  const actions = actionsOf(ticket);
  const refused = actions.bar.filter(isRefused);
  if (!phone) return { ...actions, refused };
  // The phone has room for one sentence: why the patient is not turned away.
  return { ...actions, ...forPhone(actions), refused: refused.filter(({ name }) => name === "decline") };
}

/** A ticket that is over, or is nobody's here, has no bar. */
function isEmpty({ main, bar, rest, refused }: Drawn): boolean {
  return main === null && bar.length + rest.length + refused.length === 0;
}

export function ActionBar({ ticket, acting, phone = false }: BarProps) {
  const { t } = useTranslation();
  const id = useId();
  const actions = drawn(ticket, phone);
  if (isEmpty(actions) && acting.failure === null) return null;
  return (
    <footer className={phone ? "tk-bar tk-bar-phone" : "tk-bar"} aria-label={t("referral.actions")}>
      {acting.sheet === null && <Moved failure={acting.failure} ticket={ticket} />}
      <div className="tk-buttons">
        <Main ticket={ticket} acting={acting} phone={phone} />
        {actions.bar.map((command) => (
          <CommandButton
            key={command.name}
            command={command}
            pending={acting.pending === command.name}
            onRun={() => {
              acting.start(command.name);
            }}
            {...iconOf(command.name)}
            look={{ size: "large", reasonAt: `${id}-${command.name}` }}
          >
            {t(`referral.command.${command.name}`)}
          </CommandButton>
        ))}
        <More rest={actions.rest} acting={acting} />
      </div>
      <Reasons ticket={ticket} refused={actions.refused} id={id} />
    </footer>
  );
}
