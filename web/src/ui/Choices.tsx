/** A few words to choose from, large enough for a thumb: one of them, or any. Radio buttons and check boxes underneath. */
import type { LucideIcon } from "lucide-react";
import { useId, type ReactNode } from "react";
import "./choices.css";

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
  readonly icon?: LucideIcon;
}

interface Props<T extends string> {
  readonly label: string;
  /** The label stands elsewhere on the screen. */
  readonly quiet?: boolean;
  readonly look?: "tiles" | "four" | "chips" | "segments";
  readonly options: readonly Choice<T>[];
  readonly chosen: readonly T[];
  readonly onChange: (chosen: readonly T[]) => void;
  /** Any number of them instead of one. */
  readonly several?: boolean;
}

function toggled<T extends string>(chosen: readonly T[], value: T): readonly T[] {
  return chosen.includes(value) ? chosen.filter((it) => it !== value) : [...chosen, value];
}

export function Choices<T extends string>(props: Props<T>) {
  const { label, quiet = false, look = "tiles", options, chosen, onChange, several = false } = props;
  const name = useId();
  return (
    <fieldset className="choices">
      <legend className={quiet ? "visually-hidden" : "choices-label"}>{label}</legend>
      <div className={`choices-${look}`}>
        {options.map(({ value, label: words, icon: Icon }) => (
          <label key={value} className={chosen.includes(value) ? "choice choice-on" : "choice"}>
            <input
              type={several ? "checkbox" : "radio"}
              name={name}
              checked={chosen.includes(value)}
              onChange={() => {
                onChange(several ? toggled(chosen, value) : [value]);
              }}
            />
            {Icon !== undefined && <Icon aria-hidden="true" />}
            {words}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
