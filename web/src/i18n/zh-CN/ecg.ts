/** The ECG page. */
export const ecg = {
  title: "心电图",
} as const;
