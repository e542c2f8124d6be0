/** What all look at, as a class may see it: a picture that follows the hand of whoever shows it, with the pointers. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { classes, type PictureAt } from "../../../api/resources/classes.ts";
import type { Shown } from "../../../viewer/view/index.ts";
import { useSize } from "../../../ui/useSize.ts";
import { useRoom } from "../context.ts";
import { usePointers } from "../usePointers.ts";
import { Latest } from "./latest.ts";

function useLatest(address: string, id: string, { study, series, instance }: PictureAt) {
  const { view } = useRoom().call;
  const [latest] = useState(() => new Latest());
  useEffect(() => {
    const why = async () => ((await classes.isWithheld(id, { study, series, instance })) ? "withheld" : "passing");
    latest.want({ address, why });
  }, [latest, address, id, study, series, instance, view?.checked, view?.seq]);
  return useSyncExternalStore(latest.subscribe, latest.now);
}

/** How the picture was made; asked for once the hand rests on it. */
function useCaption(id: string, at: PictureAt, rests: boolean): string {
  const { t } = useTranslation();
  const { data } = useQuery({ ...classes.metadata(id, at), enabled: rests });
  const [of] = data ?? [];
  const first = (tag: string) => of?.[tag]?.Value?.[0];
  const [modality, number, thickness] = [first("00080060"), first("00200013"), first("00180050")];
  const words = [
    typeof modality === "string" ? modality : "",
    typeof number === "number" ? t("room.class.slice", { number }) : "",
    typeof thickness === "number" ? `${String(thickness)} mm` : "",
  ];
  return words.filter((word) => word !== "").join(" · ");
}

export function Picture({ shown }: { shown: Shown }) {
  const { t } = useTranslation();
  const { room } = useRoom();
  const pointers = usePointers();
  const { zoom, pan, invert, frame, window, ...at } = shown;
  const address = classes.picture(room.consult_id, at, frame, window);
  const seen = useLatest(address, room.consult_id, at);
  const caption = useCaption(room.consult_id, at, seen.address === address);
  const [stage, size] = useSize();
  const scale = seen.width === 0 ? 0 : Math.min(size.width / seen.width, size.height / seen.height);
  if (seen.failure !== null)
    return <p className="cr-quiet">{t(seen.failure === "withheld" ? "room.class.withheld" : "room.stage.opening")}</p>;
  const moved = `translate(${String(pan.x * zoom * 100)}%, ${String(pan.y * zoom * 100)}%) scale(${String(zoom)})`;
  return (
    <figure className="cl-picture" aria-label={t("room.class.picture")}>
      <div ref={stage} className="cl-frame" />
      {seen.address === null && <p className="cr-quiet">{t("room.stage.opening")}</p>}
      <div className="cl-moved" style={{ width: seen.width * scale, height: seen.height * scale, transform: moved }}>
        {seen.address !== null && (
          <img src={seen.address} alt={caption} style={invert ? { filter: "invert(1)" } : undefined} />
        )}
        {pointers.map(({ key, name, x, y }) => (
          <span
            key={key}
            className="viewer-pointer"
            aria-hidden="true"
            style={{ left: `${String(x * 100)}%`, top: `${String(y * 100)}%`, scale: String(1 / zoom) }}
          >
            <b>{name}</b>
          </span>
        ))}
      </div>
      {caption !== "" && <figcaption className="s12">{caption}</figcaption>}
    </figure>
  );
}
