/** A sentence that explains, warns or confirms, in its place on the page. */
import { CircleAlert, CircleCheck, Cpu, Info, TriangleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import "./notes.css";

export type NoteTone = "plain" | "info" | "due" | "over" | "ok" | "machine";

const ICONS: Record<NoteTone, LucideIcon> = {
  plain: Info,
  info: Info,
  due: TriangleAlert,
  over: CircleAlert,
  ok: CircleCheck,
  machine: Cpu,
};

export function Note({ tone = "plain", icon, children }: { tone?: NoteTone; icon?: LucideIcon; children: ReactNode }) {
  const Icon = icon ?? ICONS[tone];
  return (
    <div className={`note note-${tone}`}>
      <Icon aria-hidden="true" />
      <div className="sp">{children}</div>
    </div>
  );
}
