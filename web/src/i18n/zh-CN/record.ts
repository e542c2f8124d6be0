/** The township desk, sending, tracking, results, residents. */
export const record = {
  title: "工作台",
} as const;
