/** Whose beds, which of them, and the legend: each state with its count is a filter too. */
import { Segmented, Select } from "antd";
import { Ban, BrushCleaning, Circle, Maximize, Shield, Timer, UserRound, Wind, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { BedState, Organization, Ward } from "../../api/types.ts";
import { EVERYWHERE, STATES, type Filters } from "./model/board.ts";

const FEW = 5;
const ICONS: Readonly<Record<BedState, LucideIcon>> = {
  available: Circle,
  held: Timer,
  occupied: UserRound,
  "to-clean": BrushCleaning,
  blocked: Ban,
};

interface Change {
  readonly filters: Filters;
  readonly onChange: (changed: Partial<Filters>) => void;
}

/** 县医院, 石门镇, 柳沟镇: what people call them. */
function useHouseName(): (house: Organization) => string {
  const { t } = useTranslation();
  return ({ kind, name }) => (kind === "county" ? t("beds.house.county") : name.replace(/卫生院$/, ""));
}

export function Houses({ filters, onChange, houses }: Change & { houses: readonly Organization[] }) {
  const { t } = useTranslation();
  const nameOf = useHouseName();
  const own = houses[0]?.id ?? "";
  if (houses.length < 2) return null;
  const options = [
    ...houses.map((house) => ({ value: house.id, label: nameOf(house) })),
    { value: EVERYWHERE, label: t("beds.house.all") },
  ];
  const shared = {
    "aria-label": t("beds.house.label"),
    value: filters.org || own,
    onChange: (org: string) => {
      onChange({ org: org === own ? "" : org, ward: "" });
    },
  };
  return options.length > FEW ? (
    <Select {...shared} options={options} className="bb-house" />
  ) : (
    <Segmented {...shared} options={options} />
  );
}

function Toggle({
  on,
  icon: Icon,
  word,
  onPress,
}: {
  on: boolean;
  icon: LucideIcon;
  word: string;
  onPress: () => void;
}) {
  return (
    <button type="button" className="bb-toggle" aria-pressed={on} onClick={onPress}>
      <Icon aria-hidden="true" /> {word}
    </button>
  );
}

export function Toggles({ filters, onChange, wards }: Change & { wards: readonly Ward[] }) {
  const { t } = useTranslation();
  const take = (sex: "male" | "female") => (
    <Toggle
      on={filters.takes === sex}
      icon={UserRound}
      word={t(`beds.takes.${sex}`)}
      onPress={() => {
        onChange({ takes: filters.takes === sex ? "" : sex });
      }}
    />
  );
  return (
    <>
      <Select
        aria-label={t("beds.ward")}
        className="bb-ward-select"
        value={filters.ward}
        options={[
          { value: "", label: t("beds.allWards") },
          ...wards.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(ward) => {
          onChange({ ward });
        }}
      />
      {take("male")}
      {take("female")}
      <Toggle
        on={filters.isolation}
        icon={Shield}
        word={t("beds.isolation")}
        onPress={() => {
          onChange({ isolation: !filters.isolation });
        }}
      />
      <Toggle
        on={filters.ventilator}
        icon={Wind}
        word={t("beds.ventilator")}
        onPress={() => {
          onChange({ ventilator: !filters.ventilator });
        }}
      />
    </>
  );
}

/** On the desk a row of signs, on the phone five large numbers. */
export function Legend({ filters, onChange, counts }: Change & { counts: Readonly<Record<BedState, number>> }) {
  const { t } = useTranslation();
  return (
    <div className="bb-legend" role="group" aria-label={t("beds.legend")}>
      {STATES.map((state) => {
        const Icon = ICONS[state];
        return (
          <button
            key={state}
            type="button"
            className={`bb-sign bb-sign-${state}`}
            aria-pressed={filters.state === state}
            onClick={() => {
              onChange({ state: filters.state === state ? "" : state });
            }}
          >
            <i aria-hidden="true">
              <Icon />
            </i>
            <span>{t(`referral.bedState.${state}`)}</span> <b>{counts[state]}</b>
          </button>
        );
      })}
    </div>
  );
}

export function WallLink() {
  const { t } = useTranslation();
  return (
    <Link className="bb-toggle" to="/beds/wall">
      <Maximize aria-hidden="true" /> {t("beds.wallLink")}
    </Link>
  );
}
