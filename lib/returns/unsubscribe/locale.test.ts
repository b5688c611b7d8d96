import "#testing/database";
import assert from "node:assert/strict";
import { it } from "node:test";
import { sql } from "#lib/machine/db";
import { signToken } from "#lib/machine/tokens";
import { firstLife } from "#testing/names";
import { giveCampaign, givePerson } from "#testing/received";
import { findReaderLocale } from "./locale.ts";

it("a signed link speaks its reader's language; any other says nothing of anybody", async () => {
  const person = await givePerson("ann@ailleurs.example");
  await sql`update contacts set locale = 'en' where id = ${person.id}`;
  const { deliveries } = await giveCampaign([person.id]);
  const id = deliveries[0]?.id ?? 0;
  assert.equal(
    await findReaderLocale(`/desabonnement/${signToken("unsubscribe", firstLife(id))}?fait=all`),
    "en",
  );
  assert.equal(
    await findReaderLocale(`/preferences/${signToken("preferences", firstLife(id))}).`),
    "en",
    "mangled on its way",
  );
  assert.equal(await findReaderLocale(`/en-ligne/${signToken("online", firstLife(id))}`), "en");
  assert.equal(
    await findReaderLocale(`/preferences/${signToken("unsubscribe", firstLife(id))}`),
    null,
    "of another purpose",
  );
  assert.equal(await findReaderLocale(`/desabonnement/${signToken("unsubscribe", firstLife(99_999))}`), null);
  assert.equal(await findReaderLocale("/confidentialite"), null);
  await sql`update deliveries set variables = '{"reader":{"locale":"fr"}}' where id = ${id}`;
  assert.equal(
    await findReaderLocale(`/en-ligne/${signToken("online", firstLife(id))}`),
    "en",
    "the contact of today first",
  );
  await sql`delete from contacts where id = ${person.id}`;
  assert.equal(
    await findReaderLocale(`/en-ligne/${signToken("online", firstLife(id))}`),
    "fr",
    "else as the letter had it",
  );
});
