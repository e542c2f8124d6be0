/** The way to what stays of a call: shown when one asks for it, because each look is on record. */
import { Button } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import type { ConsultDetail } from "../api/types.ts";
import { ModuleBoundary } from "../ui/ModuleBoundary.tsx";
import { Panel } from "../ui/Panel.tsx";
import { SkeletonRows } from "../ui/Skeletons.tsx";
import { When } from "../ui/When.tsx";

// Who reads an opinion need not wait for a player.
const CallKept = lazy(async () => ({ default: (await import("./call/index.tsx")).CallKept }));

const SHOWN = "call";

export function CallDoor({ consult }: { consult: ConsultDetail }) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const began = consult.timeline["in-call"];
  if (began === undefined) return null;
  const open = params.has(SHOWN);
  const turn = () => {
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (open) after.delete(SHOWN);
      else after.set(SHOWN, "1");
      return after;
    });
  };
  return (
    <Panel
      title={t("call.title")}
      aside={<When at={began} />}
      actions={
        <Button aria-expanded={open} onClick={turn}>
          {t(open ? "call.hide" : "call.show")}
        </Button>
      }
    >
      {open ? (
        <ModuleBoundary name={t("call.title")}>
          <Suspense fallback={<SkeletonRows rows={5} />}>
            <CallKept consult={consult} />
          </Suspense>
        </ModuleBoundary>
      ) : (
        <p className="mut s13">{t("call.closed")}</p>
      )}
    </Panel>
  );
}
