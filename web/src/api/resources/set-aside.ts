/** `/api/v1/set-aside`: objects that came and could not be taken in; kept as they are until a person has looked. */
import { mutationOptions, queryOptions } from "@tanstack/react-query";
import { get, post } from "../client.ts";

const COLLECTION = "set-aside";
const keys = { all: [COLLECTION] as const };

export const setAside = {
  keys,
  list: queryOptions({
    queryKey: keys.all,
    queryFn: ({ signal }) => get("/api/v1/set-aside", { signal }),
  }),
  resolve: mutationOptions({
    mutationKey: [COLLECTION, "resolve"],
    mutationFn: ({ id, resolution, key }: { id: string; resolution: string; key: string }) =>
      post("/api/v1/set-aside/{id}/resolve", { at: { id }, body: { resolution }, key }),
    onSuccess: (_resolved, _variables, _before, { client }) => client.invalidateQueries({ queryKey: keys.all }),
  }),
};
