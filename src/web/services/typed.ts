/** What was typed into a field of a form; "" where there is none of that name. */
export function typed(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
