import type { ReactNode } from "react";

/** Line drawings of 24 by 24; a word always stands beside one. */
const paths = {
  home: "M4 11l8-7 8 7v9h-6v-6h-4v6H4z",
  pictures: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01",
  label: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM14 17l2 2 4-5",
  model: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
  improve: "M4 19l6-7 4 4 6-10M14 6h6v6",
  compare: "M9 4H4v16h5M15 4h5v16h-5M12 3v18",
  live: "M5 12a7 7 0 0 1 14 0M8.5 12a3.5 3.5 0 0 1 7 0M12 12v8",
  use: "M12 4v11M7 10l5 5 5-5M4 20h16",
  report: "M6 3h9l4 4v14H6zM9 12h7M9 16h7M9 8h3",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-4 2.5-6 6-6s6 2 6 6M16 5a3 3 0 0 1 0 6M18 14c2 .7 3 2.700 3 6",
  me: "M4 7h9M17 7h3M13 5v4M4 17h3M11 17h9M7 15v4M4 12h16",
  more: "M4 7h16M4 12h16M4 17h16",
} as const;

export function Icon({ name }: { readonly name: keyof typeof paths }): ReactNode {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinejoin="round" strokeLinecap="round" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
