/** What two people wrote in the same form, compared by its fields. */

type Version = { value: string; shown: string };

export type Difference = {
  /** The field's name, or the name of several that stand or fall together (`block.b3`). */
  key: string;
  label: string;
  mine: Version;
  theirs: Version;
  /** Whether this browser's form differs from what it came with: then it was written here. */
  changedByMe: boolean;
};

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const isField = (element: unknown): element is Field =>
  element instanceof HTMLInputElement ||
  element instanceof HTMLSelectElement ||
  element instanceof HTMLTextAreaElement;

const unified = (text: string) => text.replaceAll("\r\n", "\n").trim();

/** The visible fields of `form` whose value is not that of `theirs`; `start` is what the form came with. */
export function differingFields(
  form: HTMLFormElement,
  theirs: Record<string, string>,
  start: Record<string, string>,
): Difference[] {
  return Object.keys(theirs).flatMap((name) => {
    const field = form.elements.namedItem(name);
    if (!isField(field) || field.type === "hidden") return [];
    const value = unified(theirs[name] ?? "");
    const mine = unified(writtenIn(field));
    if (mine === value) return [];
    return {
      key: name,
      label: labelOf(field),
      mine: { value: mine, shown: shownIn(field, mine) },
      theirs: { value, shown: shownIn(field, value) },
      changedByMe: mine !== unified(start[name] ?? ""),
    };
  });
}

/** Puts a value in a field, as if it had been typed. */
export function put(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name);
  if (!isField(field)) return;
  if (field.type === "checkbox") (field as HTMLInputElement).checked = value !== "";
  else field.value = value;
}

const writtenIn = (field: Field) =>
  field.type === "checkbox" ? ((field as HTMLInputElement).checked ? "on" : "") : field.value;

const labelOf = (field: Field) =>
  field.labels?.[0]?.firstChild?.textContent?.trim() || field.getAttribute("aria-label") || field.name;

function shownIn(field: Field, value: string): string {
  if (field instanceof HTMLSelectElement)
    return [...field.options].find((option) => option.value === value)?.text ?? value;
  if (field.type === "checkbox") return value === "" ? "✗" : "✓";
  return value;
}
