export const en = {
  "title": "Projects",
  "sentence": "Which project?",
  "more": "A project holds the pictures of one task, what you look for in them, and the answers.",
  "new": "Start a new project",
  "counts": "{pictures} {pictures|picture|pictures}, {answered} of {all} answered",
  "live": "live since {date}",
  "notLive": "nothing is live",
} as const;
