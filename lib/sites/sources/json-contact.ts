/** One item of a JSON file as the raw contact that XML would have given: the same names, limits and faults. Pure. */
import { type DialectField, Gathering } from "#lib/sites/sources/dialect";
import {
  clearable,
  leaves,
  limits,
  type RawContact,
  type RowReason,
  repeatable,
} from "#lib/sites/sources/format";

type Value = Record<string, unknown>;
const isObject = (value: unknown): value is Value =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function rawOf(value: Value, line: number): RawContact {
  const reader = new Reader(line);
  for (const [name, one] of Object.entries(value)) if (one !== null) reader.take(name, one);
  return reader.contact;
}

/** The same of an item in its site's own words. A number that would be rounded is no text. */
export function recordOf(value: Value, fields: Map<string, DialectField[]>, line: number): RawContact {
  const gathering = new Gathering(fields, line);
  for (const path of fields.keys()) {
    const [name = "", inside] = path.split("/");
    const found = Object.hasOwn(value, name) ? value[name] : undefined;
    const one =
      inside === undefined
        ? found
        : isObject(found) && Object.hasOwn(found, inside)
          ? found[inside]
          : undefined;
    for (const each of Array.isArray(one) ? one.slice(0, limits.elements) : [one]) {
      const text = typeof each === "string" || Number.isSafeInteger(each) ? String(each) : "";
      if (text.isWellFormed() && !unsayable(text)) gathering.say(path, text, line);
    }
  }
  return gathering.contact;
}

class Reader {
  readonly contact: RawContact;
  private readonly line: number;

  constructor(line: number) {
    this.line = line;
    const empty = { id: "", updated: "", role: "", organisationLine: null, partial: false };
    this.contact = { ...empty, line, fields: {}, emails: [], subscribes: [], clears: [], faults: [] };
  }

  take(name: string, value: unknown) {
    const { contact } = this;
    // A number of twenty digits would be rounded: an identifier is a text.
    if (name === "id") contact.id = typeof value === "string" ? this.text("id", value, 500) : "";
    else if (name === "updatedAt") contact.updated = this.text(name, value, 500);
    else if (name === "partial") contact.partial = value === true;
    else if (name === "emails") this.each(name, value, (one) => this.email(one));
    else if (name === "newsletters") this.each(name, value, (one) => this.subscribe(one));
    else if (name === "clear") this.each(name, value, (one) => this.clear(one));
    else if ((name === "address" || name === "organisation") && isObject(value)) this.inside(name, value);
    else this.leaf(name, value);
  }

  private inside(name: "address" | "organisation", value: Value) {
    if (name === "organisation") this.contact.organisationLine = this.line;
    for (const [part, one] of Object.entries(value)) {
      if (one === null) continue;
      if (name === "organisation" && part === "role") this.contact.role = this.text("organisation", one, 40);
      else this.leaf(`${name}/${part}`, one);
    }
  }

  private leaf(path: string, value: unknown) {
    const most = Object.hasOwn(leaves, path) ? (leaves[path] ?? 0) : 0;
    if (most === 0 || path === "email") return this.fault("unknownElement", path, "");
    const text = this.text(path, value, most);
    if (text) this.contact.fields[path] = { value: text, line: this.line };
  }

  private email(one: unknown) {
    const [address, primary] = isObject(one) ? [one.address, one.primary === true] : [one, false];
    const value = this.text("email", address, leaves.email ?? 0);
    if (value) this.contact.emails.push({ value, primary, line: this.line });
  }

  private subscribe(one: unknown) {
    if (!isObject(one)) return this.fault("text", "newsletters/subscribe", "");
    const of = (name: string) =>
      one[name] == null ? "" : this.text("newsletters/subscribe", one[name], 500);
    this.contact.subscribes.push({ topic: of("topic"), at: of("at"), proof: of("proof"), line: this.line });
  }

  private clear(one: unknown) {
    if (typeof one === "string" && clearable.has(one)) this.contact.clears.push(one);
    else this.fault("clear", "clear", typeof one === "string" ? one : "");
  }

  private each(name: string, value: unknown, take: (one: unknown) => void) {
    if (!Array.isArray(value)) return this.fault("text", name, "");
    const most = repeatable[name === "emails" ? "email" : "newsletters/subscribe"] ?? 20;
    for (const one of value.slice(0, most)) take(one);
    if (value.length > most) this.fault("tooMany", name, "");
  }

  /** A text that a database can hold, or nothing and a note. */
  private text(field: string, value: unknown, most: number): string {
    if (typeof value !== "string" && typeof value !== "number") return this.fault("text", field, "");
    const text = String(value).trim();
    if (!text.isWellFormed() || unsayable(text)) return this.fault("text", field, "");
    return text.length > most ? this.fault("tooLong", field, text) : text;
  }

  private fault(reason: RowReason, field: string, value: string): "" {
    this.contact.faults.push({
      line: this.line,
      field: field.slice(0, 80),
      reason,
      value: value.slice(0, 200),
      rejected: false,
    });
    return "";
  }
}

/** What XML could not say, and PostgreSQL could not hold. */
const unsayable = (text: string) =>
  [...text].some(
    (char) => (char < " " && !"\t\n\r".includes(char)) || char === "\ufffe" || char === "\uffff",
  );
