/** English, beside zh-CN: the compiler asks for every key, a test for every placeholder. */
import type { Shape } from "../shape.ts";
import type { zh } from "../zh-CN/index.ts";
import { admin } from "./admin.ts";
import { app } from "./app.ts";
import { ecg } from "./ecg.ts";
import { errors } from "./errors.ts";
import { keys } from "./keys.ts";
import { reading } from "./reading.ts";
import { record } from "./record.ts";
import { referral } from "./referral.ts";
import { ui } from "./ui.ts";
import { viewer } from "./viewer.ts";

export const en = { admin, app, ecg, errors, keys, reading, record, referral, ui, viewer } satisfies Shape<typeof zh>;
