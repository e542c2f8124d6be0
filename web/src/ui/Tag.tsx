/** Small flat words. The tone is a meaning, never decoration; dashed is "not yet confirmed by a person". */
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import "./forms.css";

export type Tone =
  "plain" | "line" | "dashed" | "ok" | "due" | "over" | "info" | "brand" | "pause" | "machine" | "critical";

export function Tag({ tone = "plain", icon: Icon, children }: { tone?: Tone; icon?: LucideIcon; children: ReactNode }) {
  return (
    <span className={`tag tag-${tone}`}>
      {Icon !== undefined && <Icon aria-hidden="true" />}
      {children}
    </span>
  );
}
