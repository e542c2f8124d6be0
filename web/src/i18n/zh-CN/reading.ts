/** The worklist, the report and its signatures. */
export const reading = {
  title: "诊断工作单",
} as const;
