/** English of `zh-CN/errors.ts`. */
import type { Shape } from "../shape.ts";
import type { errors as zh } from "../zh-CN/errors.ts";

export const errors = {
  UNKNOWN: {
    text: "It did not work, and we do not know why",
    next: "Try again; if that fails, call the administrator",
  },
  LINE_DOWN: { text: "The county was not reached", next: "What you wrote is here; try again when the line is back" },
  BAD_CREDENTIALS: { text: "User name or password is wrong", next: "Check caps lock, or call the administrator" },
  OTP_REQUIRED: { text: "A one-time code is needed too", next: "Enter the six digits from your phone" },
  BAD_OTP: { text: "The code is wrong or has expired", next: "Wait for the next code" },
  LOCKED: { text: "Too many attempts, locked for 15 minutes", next: "Try later, or call the administrator" },
  NO_SESSION: { text: "Your session has ended", next: "Sign in again, what you wrote is here" },
  CSRF: { text: "This page is too old", next: "Reload it and try again" },
  NO_CARE_RELATION: {
    text: "You have no care relation with this patient",
    next: "Ask for a referral; to save a life, open it with a reason",
  },
  FORBIDDEN: { text: "Your role cannot do this", next: "Ask a colleague who may, or the administrator" },
  NOT_FOUND: { text: "Not found, or not for you to see", next: "Go back to the list" },
  STATE: { text: "Somebody has just moved it on", next: "What you wrote is here; look at the state first" },
  LOST_RACE: { text: "Somebody else took it first", next: "Look at the next one" },
  VERSION: { text: "It has just been changed elsewhere", next: "Both versions are here; compare, then save" },
  KEY_REQUIRED: { text: "The request was incomplete", next: "Reload the page and try again" },
  SAME_SIGNER: { text: "Reporter and reviewer must be two people", next: "Ask another physician to verify" },
  TITLE_INSUFFICIENT: { text: "Title not sufficient", next: "Ask a physician of higher title" },
  VALIDATION: { text: "Some fields need a change", next: "See the marked places" },
  DUPLICATE_PATIENT: { text: "This patient may exist already", next: "Look at the existing record first" },
  IDENTITY_CONFLICT: {
    text: "The patient in the images is not the chosen one",
    next: "Compare field by field; the images are kept as they came, under nobody's name",
  },
  UID_CONFLICT: { text: "Same number, different images", next: "Both are kept; check where they came from" },
  TOO_MANY_REQUESTS: { text: "Too fast", next: "Wait a minute" },
  SERVER: { text: "The county's system failed", next: "Nothing is lost; try again in a while" },
} satisfies Shape<typeof zh>;
