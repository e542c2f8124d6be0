/** Organizations, people, and the quarantine. */
export const admin = {
  title: "机构",
} as const;
