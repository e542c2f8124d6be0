/** The source catalogue. One file per feature; a key missing here is a type error where it is used. */
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

export const zh = { admin, app, ecg, errors, keys, reading, record, referral, ui, viewer } as const;
