/** What the patient has had before, from every clinic of the county; a click lays it beside. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import { studies } from "../../api/resources/studies.ts";
import type { Order, Study } from "../../api/types.ts";
import { Tag } from "../../ui/Tag.tsx";

interface Props {
  readonly order: Order;
  /** The one that lies beside. */
  readonly open?: string | null;
  readonly onOpen?: (uid: string) => void;
}

function Line({ study }: { study: Study }) {
  return (
    <>
      <Tag tone="line">{study.modalities.join(" ") || "–"}</Tag>
      <span className="nw">{civil(study.study_at ?? study.received_at).date}</span>
      <span className="ell sp">{study.description}</span>
      <span className="mut nw">{study.organization.name}</span>
    </>
  );
}

function Entry({ study, on, onOpen }: { study: Study; on: boolean; onOpen?: (uid: string) => void }) {
  if (onOpen === undefined)
    return (
      <div className="prior">
        <Line study={study} />
      </div>
    );
  return (
    <button
      type="button"
      className="prior"
      aria-pressed={on}
      onClick={() => {
        onOpen(study.uid);
      }}
    >
      <Line study={study} />
    </button>
  );
}

/** The patient's other studies; nothing is asked where the hub counts none. */
function useBefore({ patient, priors, study_uid }: Order): readonly Study[] {
  const known = patient?.id ?? "";
  const { data } = useQuery({ ...studies.list({ patient: known }), enabled: known !== "" && priors > 0 });
  return (data?.items ?? []).filter(({ uid }) => uid !== study_uid);
}

export function Priors({ order, open = null, onOpen }: Props) {
  const { t } = useTranslation();
  const before = useBefore(order);
  return (
    <section className="priors" aria-label={t("reading.priors")}>
      <h3>{t("reading.priors")}</h3>
      {before.length === 0 && (
        <p className="s13 mut">{t(order.priors > 0 ? "reading.priorsElsewhere" : "reading.noPriors")}</p>
      )}
      <ul>
        {before.map((study) => (
          <li key={study.uid}>
            <Entry study={study} on={open === study.uid} {...(onOpen === undefined ? {} : { onOpen })} />
          </li>
        ))}
      </ul>
    </section>
  );
}
