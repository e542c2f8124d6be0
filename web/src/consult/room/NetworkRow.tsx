/** The line before the room: to the hub's pages, then by which way its media come. It says which leg fails. */
import { Button } from "antd";
import { Signal } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Reached, Way } from "../../room/link/index.ts";
import { CheckRow, type CheckState } from "./CheckRow.tsx";
import { useWay } from "./useWay.ts";

const FAILS: readonly Way[] = ["none", "away"];

function stateOf(reached: Reached | null, way: Way | null): CheckState {
  if (reached?.at === "unreachable" || (way !== null && FAILS.includes(way))) return "due";
  return reached !== null && way !== null ? "ok" : "open";
}

function WayWords({ way }: { way: Way | null }) {
  const { t } = useTranslation();
  return (
    <span role="status" className="s13 sub">
      {t(`room.check.way.${way ?? "trying"}`)}
    </span>
  );
}

interface Props {
  readonly reached: Reached | null;
  /** Of the room's line. */
  readonly address: string;
  readonly onAgain: () => void;
}

export function NetworkRow({ reached, address, onAgain }: Props) {
  const { t } = useTranslation();
  const [way, tryAgain] = useWay(address);
  const state = stateOf(reached, way);
  const cut = reached === null || reached.at === "unreachable";
  return (
    <CheckRow icon={Signal} title={t("room.check.network")} state={state}>
      <span role="status" className="s13 sub">
        {reached === null ? t("room.check.testing") : t(`room.check.${reached.at}`, { ms: reached.ms ?? 0 })}
      </span>
      {!cut && <WayWords way={way} />}
      {state === "due" && (
        <span>
          <Button
            onClick={() => {
              onAgain();
              tryAgain();
            }}
          >
            {t("room.check.again")}
          </Button>
        </span>
      )}
    </CheckRow>
  );
}
