export const en = {
  "minutes": "{count}, about {n} {n|minute|minutes} left",
  "seconds": "{count}, less than a minute left",
  "late": "{count}, longer than expected",
} as const;
