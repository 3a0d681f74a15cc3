export const en = {
  "title": "This project",
  "sentence": "What holds for “{name}”?",
  "name": "Name",
  "eyes": "Four eyes: nobody approves their own proposal",
  "eyes.hint": "Without it, approving one’s own proposal is allowed and marked in the log.",
  "save": "Save the changes",
  "saved": "The changes are saved.",
  "remove": "Delete this project",
  "remove.hint": "It goes with all its pictures, answers and versions, and nothing here brings it back. Its keys stop working at once.",
  "remove.title": "Delete “{name}” with {pictures} {pictures|picture|pictures} and {answers} {answers|answer|answers}?",
  "remove.type": "Type the name to delete it",
  "remove.wrong": "This is not the name: it is “{name}”.",
} as const;
