/** A class as whoever may look on finds it. */
import type { Class } from "../api/types.ts";

export function aClass(of: Partial<Class> = {}): Class {
  return {
    id: "c-1",
    number: "H-2611-0001-H",
    state: "in-call",
    service: "consult",
    from: { id: "T01", name: "石门镇卫生院" },
    to: { id: "C01", name: "云岭县人民医院" },
    specialties: ["心内"],
    experts: [{ id: "zhaoning", name: "赵宁" }],
    begins_at: null,
    open: true,
    ...of,
  };
}
