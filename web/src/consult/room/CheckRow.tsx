/** One thing that is tried before the room, and how it went: by its sign, its colour and its words. */
import { CircleCheck, TriangleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

export type CheckState = "open" | "ok" | "due";

interface Props {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly state: CheckState;
  readonly children: ReactNode;
}

export function CheckRow({ icon: Icon, title, state, children }: Props) {
  return (
    <div className={`cr-check-row cr-check-${state}`}>
      <Icon aria-hidden="true" />
      <div className="sp col g4">
        <b>{title}</b>
        {children}
      </div>
      {state === "ok" && <CircleCheck className="okc" aria-hidden="true" />}
      {state === "due" && <TriangleAlert className="duec" aria-hidden="true" />}
    </div>
  );
}
