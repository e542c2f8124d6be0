/** English, beside zh-CN: the compiler asks for every key, a test for every placeholder. */
import type { Shape } from "../shape.ts";
import type { zh } from "../zh-CN/index.ts";
import type { late } from "../zh-CN/late.ts";
import { admin } from "./admin.ts";
import { app } from "./app.ts";
import { beds } from "./beds.ts";
import { call } from "./call.ts";
import { consult } from "./consult.ts";
import { ecg } from "./ecg.ts";
import { errors } from "./errors.ts";
import { keys } from "./keys.ts";
import { reading } from "./reading.ts";
import { record } from "./record.ts";
import { refer } from "./refer.ts";
import { referral } from "./referral.ts";
import { room } from "./room.ts";
import { township } from "./township.ts";
import { ui } from "./ui.ts";
import { viewer } from "./viewer.ts";
import { visits } from "./visits.ts";

export const en = {
  admin,
  app,
  beds,
  call,
  consult,
  ecg,
  errors,
  keys,
  reading,
  record,
  refer,
  referral,
  room,
  township,
  ui,
  viewer,
  visits,
} satisfies Shape<typeof zh & typeof late>;
