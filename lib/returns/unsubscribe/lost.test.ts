/** Links and mails of a life that a restore lost: they stop their own reader, or nobody, and say so. */
import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { messageId } from "#lib/letters/deliveries/message-id";
import { db, sql, transaction } from "#lib/machine/db";
import { hold } from "#lib/machine/installation/hold";
import { signToken } from "#lib/machine/tokens";
import { identify } from "#lib/returns/mailbox/copies";
import { matchReferences } from "#lib/returns/received/match";
import { leavingToken } from "#lib/returns/received/origin";
import { followLink, leadsNowhere } from "#lib/returns/unsubscribe/link";
import { findReaderLocale } from "#lib/returns/unsubscribe/locale";
import { findOnlineMail, viewReader } from "#lib/returns/unsubscribe/queries";
import { nameOf } from "#testing/names";
import { giveCampaign, givePerson } from "#testing/received";

const sentTo = async (address: string) => {
  const person = await givePerson(address);
  return (await giveCampaign([person.id])).deliveries[0]?.id ?? 0;
};

/** The same number in the life before, whose rows are no more: what its reader still has in a mailbox. */
const formerly = async (id: number) => ({ id, generation: (await nameOf(id)).generation - 1 });

test("after a restore numbers are dealt far from the old ones, in a generation of their own", async () => {
  const before = await sentTo("avant@exemple.fr");
  assert.equal((await nameOf(before)).generation, 0);
  assert.equal(await hold("restored"), true);
  assert.equal(await hold("behind"), false, "once");
  const after = await sentTo("apres@exemple.fr");
  const [installation] = await sql<{ generation: number }>`select generation from installation`;
  assert.equal((await nameOf(after)).generation, installation?.generation);
  assert.ok((installation?.generation ?? 0) > 0);
  assert.ok(after > before + 900_000, `${after}`);
  const { id } = await db.contact.findFirstOrThrow({ orderBy: { id: "desc" } });
  assert.ok(id > 900_000, "people too");
});

test("a link of before the backup still stops its own reader", async () => {
  const [first] = await sql<{ id: number }>`select min(id)::int as id from deliveries`;
  const link = await followLink("unsubscribe", signToken("unsubscribe", await nameOf(first?.id ?? 0)));
  assert.ok(link.ok);
  assert.equal(link.deliveryId, first?.id);
});

test("a link of the life that was lost is nobody's, though a stranger has its number now", async () => {
  const stranger = await sentTo("autre@exemple.fr");
  const lost = await formerly(stranger);
  for (const purpose of ["unsubscribe", "preferences"] as const) {
    assert.equal(await viewReader(purpose, signToken(purpose, lost)), null);
    assert.equal(await leadsNowhere(purpose, signToken(purpose, lost)), true, "it is told that it is no use");
    assert.equal(
      await leadsNowhere(purpose, `${signToken(purpose, lost)}x`.slice(1)),
      false,
      "cut, not lost",
    );
    assert.ok(await viewReader(purpose, signToken(purpose, await nameOf(stranger))), "its own reader");
  }
  assert.equal(await findOnlineMail(signToken("online", lost)), null);
  assert.equal(await findReaderLocale(`/desabonnement/${signToken("unsubscribe", lost)}`), null);
});

test("bounces, answers and Sent copies match their own delivery or none", async () => {
  const stranger = await sentTo("encore@exemple.fr");
  const [own, lost] = [await nameOf(stranger), await formerly(stranger)];
  const match = (name: typeof own) =>
    transaction((client) => matchReferences(client, [messageId(name, "src.example")], new Date()));
  assert.equal((await match(own))?.deliveryId, stranger);
  assert.equal(await match(lost), null);
  const subject = `unsubscribe ${signToken("unsubscribe", own)}`;
  assert.deepEqual(leavingToken({ subject }), own, "a mail to the List-Unsubscribe address");
  const copy = { uid: 1, at: new Date(), recipients: [] };
  const copies = await identify([
    { ...copy, name: own },
    { ...copy, name: lost },
    { ...copy, name: null },
  ]);
  assert.deepEqual(
    copies.map(({ delivery }) => delivery),
    [stranger, null, null],
  );
});
