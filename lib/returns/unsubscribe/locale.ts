/** In which language a reader's page speaks: theirs, as their contact says it today, or as it was when the letter left. */
import { sql } from "#lib/machine/db";
import type { Locale } from "#lib/machine/messages/negotiate";
import { readToken, type TokenPurpose } from "#lib/machine/tokens";

const pages: Record<string, TokenPurpose> = {
  desabonnement: "unsubscribe",
  preferences: "preferences",
  "en-ligne": "online",
};

/** `path` as asked for, query included; null when no signed token in it names a reader we know. */
export async function findReaderLocale(path: string): Promise<Locale | null> {
  const [, page = "", token = ""] = /^\/([a-z-]+)\/([^?#]+)/.exec(path) ?? [];
  const purpose = pages[page];
  const delivery = purpose ? readToken(purpose, token) : null;
  if (delivery === null) return null;
  const [reader] = await sql<{ locale: string | null }>`
    select coalesce(c.locale, d.variables -> 'reader' ->> 'locale') as locale
    from deliveries d left join contacts c on c.id = d.contact_id where d.id = ${delivery.id} and d.generation = ${delivery.generation}`;
  return reader?.locale === "en" || reader?.locale === "fr" ? reader.locale : null;
}
