/** Nothing here: what that means, and what happens next. Never just "no data". */
import { CircleCheck, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import "./notes.css";

interface Props {
  readonly title: string;
  readonly text?: string;
  readonly icon?: LucideIcon;
  readonly children?: ReactNode;
}

export function EmptyState({ title, text, icon: Icon = CircleCheck, children }: Props) {
  return (
    <div className="empty">
      <Icon aria-hidden="true" />
      <b>{title}</b>
      {text !== undefined && <span className="s13">{text}</span>}
      {children}
    </div>
  );
}
