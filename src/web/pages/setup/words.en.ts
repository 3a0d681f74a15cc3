export const en = {
  "title": "First start",
  "sentence": "Who are you?",
  "more": "Your name goes beside every answer you give. You become the administrator of this Catwise.",
  "name": "Your name",
  "name.hint": "As your colleagues know you.",
  "password": "Password",
  "password.hint": "At least 10 characters. A short sentence is good.",
  "password.short": "The password has {n} {n|character|characters}; 10 are needed.",
  "go": "Make me the administrator",
  "noToken": "This page needs the whole link that was printed when Catwise started. Copy it again, with everything after the #.",
  "signIn": "Sign in instead",
} as const;
