/** The source catalogue. One file per feature; a key missing here is a type error where it is used. */
import { admin } from "./admin.ts";
import { app } from "./app.ts";
import { beds } from "./beds.ts";
import { consult } from "./consult.ts";
import { ecg } from "./ecg.ts";
import { errors } from "./errors.ts";
import { keys } from "./keys.ts";
import { reading } from "./reading.ts";
import { record } from "./record.ts";
import { refer } from "./refer.ts";
import { referral } from "./referral.ts";
import { township } from "./township.ts";
import { ui } from "./ui.ts";
import { viewer } from "./viewer.ts";
import { visits } from "./visits.ts";

export const zh = {
  admin,
  app,
  beds,
  consult,
  ecg,
  errors,
  keys,
  reading,
  record,
  refer,
  referral,
  township,
  ui,
  viewer,
  visits,
} as const;
