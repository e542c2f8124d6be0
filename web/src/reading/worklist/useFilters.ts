/** The filters of the worklist live in the address: a link to a list is the list. */
import { useSearchParams } from "react-router";
import { centresOf, useUser } from "../../api/resources/session.ts";
import { tabFrom, type Filters } from "./model.ts";

const COUNTY = "county";

export function useFilters(): { filters: Filters; change: (changed: Partial<Filters>) => void } {
  const [params, setParams] = useSearchParams();
  const user = useUser();
  const own = centresOf(user)
    .map(({ id }) => id)
    .join(",");
  const asked = params.get("centre");
  const filters: Filters = {
    tab: tabFrom(params.get("tab")),
    centre: asked === COUNTY ? "" : (asked ?? own),
    kind: params.get("kind") ?? "",
    organization: params.get("organization") ?? "",
  };
  const change = (changed: Partial<Filters>) => {
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changed)) {
          if (name === "centre" && value === "") after.set(name, COUNTY);
          else if (value === "" || value === own || value === "all") after.delete(name);
          else after.set(name, value);
        }
        return after;
      },
      { replace: true },
    );
  };
  return { filters, change };
}
