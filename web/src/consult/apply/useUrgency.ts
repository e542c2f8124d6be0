/** How soon an answer is needed, as the form stands now: it says what has to be written. */
import { Form } from "antd";
import type { Written } from "./form.ts";

export function useUrgency(): Written["urgency"] {
  const urgency = Form.useWatch("urgency", Form.useFormInstance<Written>()) as Written["urgency"] | undefined;
  return urgency ?? "routine";
}
