/** One contact of a file, judged and put in our own terms. Pure. */
import { createHash } from "node:crypto";
import { AffiliationRole, ContactKind } from "#db/enums";
import { fromWallClock } from "#lib/machine/paris";
import { tidy } from "#lib/machine/text";
import {
  acceptAddress,
  acceptCountry,
  acceptPhone,
  acceptWebsite,
  addressFault,
  isGraduationYear,
} from "#lib/people/contacts/rules";
import { digitsOf, isSiret } from "#lib/people/organisations/rules";
import type { RawContact, RowError, RowReason } from "#lib/sites/sources/format";

/** The newsletters that exist, and whether subscribing someone needs a dated proof (consent, RGPD art. 7.1). */
export type KnownTopics = ReadonlyMap<string, { needsProof: boolean }>;

/** Empty text and null mean « the file does not say ». */
export type StagedRow = {
  line: number;
  externalId: string;
  kind: ContactKind | null;
  firstName: string;
  lastName: string;
  graduationYear: number | null;
  phone: string;
  street: string;
  postcode: string;
  city: string;
  country: string;
  website: string;
  locale: string;
  organisation: { name: string; siret: string; jobTitle: string; role: AffiliationRole } | null;
  /** Folded; the primary one first. */
  addresses: string[];
  subscriptions: { topic: string; at: string | null; proof: string }[];
  /** When the site last changed it, if it says. */
  saidAt: string | null;
  /** What the site says is empty; left out when it says so of nothing. */
  clears?: string[];
  /** Left out when it is whole: what it does not say is no news, and nobody is made of it. */
  partial?: true;
  /** Of the text it came from, when nothing was wrong with it. */
  textHash?: Buffer;
};

/** To be raised whenever a text would be judged otherwise than before: what was passed over is then read again. */
export const judging = 1;

/** `row` is null when a fault rejects it; notes may come with a row. */
export type Judgement = { row: StagedRow | null; errors: RowError[] };

/** A field that cannot be used never refuses its row: it is left out and noted. Only a row that is nobody is refused. */
export function judge(raw: RawContact, topics: KnownTopics): Judgement {
  const judge = new Judge(raw);
  const country = judge.optional("address/country", "country", acceptCountry);
  const postcode = judge.text("address/postcode");
  const row: StagedRow = {
    line: raw.line,
    externalId: judge.externalId(),
    kind: judge.kind(),
    firstName: judge.text("firstName"),
    lastName: judge.text("lastName"),
    graduationYear: judge.year(),
    phone: judge.optional("phone", "phone", (text) => acceptPhone(text, country || "FR", postcode)),
    street: judge.text("address/street"),
    postcode,
    city: judge.text("address/city"),
    country,
    website: judge.optional("website", "website", acceptWebsite),
    locale: judge.optional("locale", "locale", (text) => /^(fr|en)/i.exec(text)?.[1]?.toLowerCase() ?? null),
    organisation: judge.organisation(),
    addresses: judge.addresses(),
    subscriptions: judge.subscriptions(topics),
    saidAt: instant(raw.updated),
    ...(raw.clears.length > 0 && { clears: [...new Set(raw.clears)].sort() }),
    ...(raw.partial && { partial: true as const }),
  };
  judge.named(row);
  const rejected = judge.errors.some((error) => error.rejected);
  if (raw.textHash && judge.errors.length === 0) row.textHash = raw.textHash;
  return { row: rejected ? null : row, errors: judge.errors };
}

/** What makes a row « the same as last time »: everything but where it stands in the file, and when the site wrote it. */
export const rowHash = ({ line: _, saidAt: __, textHash: ___, ...content }: StagedRow): Buffer =>
  createHash("sha256").update(JSON.stringify(content)).digest();

class Judge {
  readonly errors: RowError[];
  private readonly raw: RawContact;

  constructor(raw: RawContact) {
    this.raw = raw;
    this.errors = [...raw.faults];
  }

  externalId() {
    const id = tidy(this.raw.id);
    if (!id) this.reject("id", "required", "");
    if (id.length > 100) this.reject("id", "tooLong", id);
    return id;
  }

  text(path: string) {
    return tidy(this.raw.fields[path]?.value ?? "");
  }

  /** A first name or an address stands in for a name that is missing. */
  named({ firstName, lastName, addresses, partial }: StagedRow) {
    if (lastName || partial) return;
    if (firstName || addresses.length > 0) this.note("lastName", "required", "");
    else if (!this.errors.some((error) => error.rejected)) this.reject("lastName", "required", "");
  }

  kind() {
    const value = this.text("kind").toLowerCase();
    if (!value || Object.hasOwn(ContactKind, value)) return (value as ContactKind) || null;
    this.note("kind", "kind", value);
    return null;
  }

  year() {
    const value = this.text("graduationYear");
    if (!value) return null;
    if (/^\d{4}$/.test(value) && isGraduationYear(Number(value))) return Number(value);
    this.note("graduationYear", "year", value);
    return null;
  }

  /** A field worth less than its row: when it cannot be read it is left out, and noted. */
  optional(path: string, reason: RowReason, accept: (text: string) => string | null) {
    const text = this.text(path);
    if (!text) return "";
    const accepted = accept(text);
    if (accepted === null) this.note(path, reason, text);
    return accepted ?? "";
  }

  addresses() {
    const seen = new Set<string>();
    for (const { value, line } of [...this.raw.emails].sort(
      (a, b) => Number(b.primary) - Number(a.primary),
    )) {
      const accepted = acceptAddress(value);
      if (accepted) seen.add(accepted);
      else this.fault(line, "email", tidy(value) ? addressFault(value) : "empty", value, false);
    }
    const [, second] = this.raw.emails.filter((email) => email.primary);
    if (second) this.fault(second.line, "email", "primaryTwice", second.value, false);
    return [...seen];
  }

  organisation(): StagedRow["organisation"] {
    const name = this.text("organisation/name");
    const siret = this.optional("organisation/siret", "siret", (text) =>
      isSiret(digitsOf(text)) ? digitsOf(text) : null,
    );
    const known = Object.hasOwn(AffiliationRole, this.raw.role || "employee");
    if (!known)
      this.fault(this.raw.organisationLine ?? this.raw.line, "organisation", "role", this.raw.role, false);
    if (!name && this.raw.organisationLine !== null)
      this.fault(this.raw.organisationLine, "organisation/name", "empty", siret, false);
    if (!name) return null;
    const role = ((known && this.raw.role) || "employee") as AffiliationRole;
    return { name, siret, jobTitle: this.text("organisation/jobTitle"), role };
  }

  subscriptions(topics: KnownTopics) {
    const kept = new Map<string, StagedRow["subscriptions"][number]>();
    for (const { topic, at, proof, line } of this.raw.subscribes) {
      const known = topics.get(topic);
      const date = at ? instant(at) : null;
      if (!known) this.fault(line, "newsletters/subscribe", "topic", topic, false);
      else if (at && !date) this.fault(line, "newsletters/subscribe", "date", at, false);
      else if (known.needsProof && !(date && proof))
        this.fault(line, "newsletters/subscribe", "proof", topic, false);
      else kept.set(topic, { topic, at: date, proof });
    }
    return [...kept.values()];
  }

  private reject(field: string, reason: RowReason, value: string) {
    this.fault(this.raw.fields[field]?.line ?? this.raw.line, field, reason, value, true);
  }

  private note(field: string, reason: RowReason, value: string) {
    this.fault(this.raw.fields[field]?.line ?? this.raw.line, field, reason, value, false);
  }

  private fault(line: number, field: string, reason: RowReason, value: string, rejected: boolean) {
    this.errors.push({ line, field, reason, value: value.slice(0, 200), rejected });
  }
}

const moment = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d(?:\.\d+)?))?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * XML Schema's date or dateTime as an instant, not in the future by more than a day of clock drift. Without a zone it
 * is Paris, wherever the server is. Null for a day that is in no calendar, or an hour that the clocks skipped.
 */
function instant(text: string): string | null {
  const [, day, time = "00:00", seconds = "00", zone] = moment.exec(text) ?? [];
  if (!day || !isDay(day) || Number(seconds) >= 60) return null;
  const minute = zone ? new Date(`${day}T${time}:00${zone}`) : fromWallClock(`${day}T${time}`);
  const at = minute ? minute.getTime() + Number(seconds) * 1000 : Number.NaN;
  return at > Date.parse("1990-01-01") && at < Date.now() + 86_400_000 ? new Date(at).toISOString() : null;
}

/** JavaScript reads 31 February as 2 March. */
function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}
