/**
 * The only way to a life-cycle command. What the hub refuses stays in its place and focusable, with a lock and one
 * sentence: a disabled button could tell a keyboard user nothing.
 */
import { Button, type ButtonProps } from "antd";
import { Lock, type LucideIcon } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { civil } from "../api/clock.ts";
import type { Command } from "../api/types.ts";
import { Kbd } from "./Kbd.tsx";
import { useReason } from "./useReason.ts";
import "./forms.css";

interface Props {
  /** From `commandOf(resource, name)`; null draws nothing, for the hub does not offer it to this person. */
  readonly command: Command | null;
  readonly onRun: () => void;
  readonly children: string;
  readonly icon?: LucideIcon;
  readonly keys?: string;
  /** From mutation state: asked for, not yet answered. */
  readonly pending?: boolean;
  readonly look?: Look;
}

type Look = Pick<ButtonProps, "type" | "danger" | "size" | "block" | "className"> & {
  /** The id of the words that say why not, where they stand elsewhere: a bar of buttons gathers them. */
  readonly reasonAt?: string;
};

function faceOf(Icon: LucideIcon | undefined): Pick<ButtonProps, "icon"> {
  return Icon === undefined ? {} : { icon: <Icon aria-hidden="true" /> };
}

/** What of the look is Ant Design's. */
function faceOfLook(look: Look): ButtonProps {
  const { reasonAt, ...face } = look;
  return reasonAt === undefined ? look : face;
}

function untilOf({ until }: { until?: string | null }): string {
  return until === undefined || until === null ? "" : ` (${civil(until).time})`;
}

function Refused({
  reason,
  look,
  icon,
  children,
}: {
  reason: string;
  look: Look;
  icon: ButtonProps;
  children: string;
}) {
  const id = useId();
  const { reasonAt } = look;
  const button = (
    <Button
      {...faceOfLook(look)}
      {...icon}
      className="refused"
      type="default"
      danger={false}
      aria-disabled="true"
      aria-describedby={reasonAt ?? id}
      onClick={(event) => {
        event.preventDefault();
      }}
    >
      {children}
    </Button>
  );
  if (reasonAt !== undefined) return button;
  return (
    <span className={look.block ? "col g4" : "row wrap"}>
      {button}
      <span className="why">
        <Lock aria-hidden="true" />
        <span id={id}>{reason}</span>
      </span>
    </span>
  );
}

export function CommandButton({ command, onRun, children, icon, keys, pending = false, look = {} }: Props) {
  const { t } = useTranslation();
  const reasonOf = useReason();
  if (command === null) return null;
  if (!command.allowed) {
    return (
      <Refused reason={reasonOf(command.reason) + untilOf(command)} look={look} icon={faceOf(icon)}>
        {children}
      </Refused>
    );
  }
  return (
    <Button
      {...faceOfLook(look)}
      {...faceOf(icon)}
      loading={pending}
      aria-busy={pending}
      onClick={pending ? () => undefined : onRun}
    >
      {children}
      {keys !== undefined && <Kbd keys={keys} />}
      {pending && <span className="visually-hidden">{t("ui.command.pending")}</span>}
    </Button>
  );
}
