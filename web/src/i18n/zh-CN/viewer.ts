/** The image viewer. */
export const viewer = {
  title: "阅片",
} as const;
