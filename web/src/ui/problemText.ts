/** A failure's words: by its code, else by its status, never the server's own text. */
import { codeOf, Problem } from "../api/problems.ts";
import type { errors } from "../i18n/zh-CN/errors.ts";

export type ErrorCode = keyof typeof errors;

const CODES: Readonly<Record<ErrorCode, true>> = {
  UNKNOWN: true,
  LINE_DOWN: true,
  BAD_CREDENTIALS: true,
  OTP_REQUIRED: true,
  BAD_OTP: true,
  LOCKED: true,
  NO_SESSION: true,
  CSRF: true,
  NO_CARE_RELATION: true,
  FORBIDDEN: true,
  NOT_FOUND: true,
  STATE: true,
  LOST_RACE: true,
  VERSION: true,
  KEY_REQUIRED: true,
  SAME_SIGNER: true,
  TITLE_INSUFFICIENT: true,
  VALIDATION: true,
  DUPLICATE_PATIENT: true,
  IDENTITY_CONFLICT: true,
  UID_CONFLICT: true,
  TOO_MANY_REQUESTS: true,
  SERVER: true,
};

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: "VALIDATION",
  401: "NO_SESSION",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "STATE",
  412: "VERSION",
  422: "VALIDATION",
  429: "TOO_MANY_REQUESTS",
};

export function errorCode(failure: unknown): ErrorCode {
  const code = codeOf(failure);
  if (code in CODES) return code as ErrorCode;
  if (!(failure instanceof Problem)) return "UNKNOWN";
  return BY_STATUS[failure.status] ?? (failure.status >= 500 ? "SERVER" : "UNKNOWN");
}
