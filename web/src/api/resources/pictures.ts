/** What DICOMweb says about the pictures of a series; the pictures themselves are loaded by the viewer's canvases. */
import { queryOptions } from "@tanstack/react-query";
import { get } from "../client.ts";

export const pictures = {
  metadata: (study: string, series: string) =>
    queryOptions({
      queryKey: ["pictures", "metadata", study, series] as const,
      queryFn: ({ signal }) =>
        get("/dicom-web/studies/{study}/series/{series}/metadata", { at: { study, series }, signal }),
      staleTime: Infinity,
    }),
};
