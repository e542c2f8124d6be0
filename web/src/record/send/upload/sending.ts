/** One object on its way by tus 1.0: goes on where it was, waits for the line, says why the hub put it aside. */
import { DetailedError, Upload } from "tus-js-client";
import { csrfHeaders, newKey } from "../../../api/client.ts";
import { problemFrom } from "../../../api/problems.ts";

const UPLOADS = "/api/v1/uploads";
/** One PATCH carries at most this much: a slow line loses little when it breaks, and proxies do not time out. */
const CHUNK_BYTES = 4 * 1_048_576;

export interface Journey {
  readonly blob: Blob;
  readonly metadata: Readonly<Record<string, string>>;
  /** The address of an upload that was begun before. */
  readonly begunAt: string | null;
  readonly onBegun: (address: string) => void;
  readonly onProgress: (sent: number) => void;
}

export type Arrival =
  | { readonly at: "arrived"; readonly address: string }
  | { readonly at: "duplicate"; readonly address: string }
  | { readonly at: "aside"; readonly code: string }
  | { readonly at: "cut" }
  | { readonly at: "signed-out" };

function bodyOf(failure: DetailedError): unknown {
  try {
    return JSON.parse(failure.originalResponse?.getBody() ?? "null");
  } catch {
    // A proxy's page is no answer of the hub.
    return null;
  }
}

/** Not about these bytes: another try may find the upload where it is. */
const FULL = 507;
const PASSING = [404, 408, 409, 410, 423, 429, 460];

/** What a failed attempt means: the line, the session, or a refusal of these bytes. */
function meaningOf(failure: unknown): Arrival {
  if (!(failure instanceof DetailedError)) return { at: "cut" };
  const status = failure.originalResponse?.getStatus() ?? 0;
  if (status === 401) return { at: "signed-out" };
  const isRefusal = Math.floor(status / 100) === 4 && !PASSING.includes(status);
  return isRefusal || status === FULL
    ? { at: "aside", code: problemFrom(status, bodyOf(failure)).code }
    : { at: "cut" };
}

/** How the hub marks bytes that it has already: on the answer to the last piece. */
const OUTCOME = "Lutong-Outcome";

/** Sends until the end or the next obstacle; never throws. */
export function sendOnce(journey: Journey, stop: AbortSignal): Promise<Arrival> {
  const key = newKey();
  return new Promise((resolve) => {
    let outcome: string | null = null;
    const upload = new Upload(journey.blob, {
      endpoint: UPLOADS,
      uploadUrl: journey.begunAt,
      metadata: { ...journey.metadata },
      chunkSize: CHUNK_BYTES,
      retryDelays: null,
      storeFingerprintForResuming: false,
      onBeforeRequest: (request) => {
        for (const [name, value] of Object.entries(csrfHeaders())) request.setHeader(name, value);
        if (request.getMethod() === "POST") request.setHeader("Idempotency-Key", key);
      },
      onAfterResponse: (_request, response) => {
        outcome = response.getHeader(OUTCOME) ?? outcome;
      },
      onUploadUrlAvailable: () => {
        if (upload.url !== null) journey.onBegun(upload.url);
      },
      onProgress: journey.onProgress,
      onSuccess: () => {
        resolve({ at: outcome === "duplicate" ? "duplicate" : "arrived", address: upload.url ?? "" });
      },
      onError: (failure) => {
        resolve(meaningOf(failure));
      },
    });
    stop.addEventListener("abort", () => {
      void upload.abort();
      resolve({ at: "cut" });
    });
    upload.start();
  });
}
