export const en = {
  "title": "Sign in",
  "sentence": "Who is at the screen?",
  "more": "Your name goes beside every answer you give.",
  "name": "Name",
  "go": "Sign in",
} as const;
