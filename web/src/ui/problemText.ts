/** A failure's words: by its code, else by its status, never the server's own text. */
import { codeOf, Problem } from "../api/problems.ts";
import { errors } from "../i18n/zh-CN/errors.ts";

export type ErrorCode = keyof typeof errors;

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: "MALFORMED",
  401: "SIGN_IN",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "STATE",
  412: "VERSION",
  422: "MALFORMED",
  429: "TOO_MANY_REQUESTS",
};

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errors, code);
}

export function errorCode(failure: unknown): ErrorCode {
  const code = codeOf(failure);
  if (isErrorCode(code)) return code;
  if (!(failure instanceof Problem)) return "UNKNOWN";
  return BY_STATUS[failure.status] ?? (failure.status >= 500 ? "FAULT" : "UNKNOWN");
}
