export const en = {
  "title": "New project",
  "sentence": "What do you want to find?",
  "more": "One thing per line. You can add more later: old pictures then count as not asked.",
  "name": "Name of the project",
  "name.hint": "For example: Panel line B",
  "categories": "What to find, one per line",
  "categories.hint": "For example: scratch, dent, stain. Each becomes a category, asked by itself.",
  "categories.twice": "“{name}” stands there twice. Each name is needed once.",
  "count": "{n} {n|category|categories}",
  "go": "Make the project",
} as const;
