/** The card in the hand: under the pointer, or as a line over the board that says what to do and how to stop. */
import { Button } from "antd";
import { Hand } from "lucide-react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { CardFace } from "./Queue.tsx";
import { GHOST } from "./useDrag.ts";
import type { Carry } from "./useCarry.ts";

export function InHand({ carry }: { carry: Carry }) {
  const { t } = useTranslation();
  const { carried } = carry;
  return (
    <>
      <p className="visually-hidden" role="status">
        {carry.said}
      </p>
      {carried?.by === "keys" && (
        <div className="bb-in-hand">
          <Hand aria-hidden="true" />
          <b>{t("beds.carry.choose", { name: carried.ticket.patient?.name ?? carried.ticket.number })}</b>
          <span className="s13 bb-desk-only">{t("beds.carry.how")}</span>
          <span className="sp" />
          <Button size="small" onClick={carry.putDown}>
            {t("beds.carry.cancel")}
          </Button>
        </div>
      )}
    </>
  );
}

/** Follows the pointer without being drawn again. */
export function Ghost({ carry }: { carry: Carry }) {
  const { carried } = carry;
  if (carried?.by !== "pointer") return null;
  return createPortal(
    <div id={GHOST} className="bb-ghost" aria-hidden="true">
      <div className="bb-card bb-face">
        <CardFace ticket={carried.ticket} offer={null} />
      </div>
    </div>,
    document.body,
  );
}
