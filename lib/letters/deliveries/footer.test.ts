import "#testing/database";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launchCampaign } from "#lib/letters/campaigns/launch";
import { findSample } from "#lib/letters/campaigns/queries";
import { compose, prepare } from "#lib/letters/deliveries/compose";
import { db, disconnect, sql } from "#lib/machine/db";
import { signToken } from "#lib/machine/tokens";
import { findOnlineMail } from "#lib/returns/unsubscribe/queries";
import { person, readyCampaign } from "#testing/campaigns";
import { nameOf } from "#testing/names";
import { readByPython } from "#testing/python";

after(disconnect);

test("each reader reads why, from where, and how to leave, in their language; the page online too", async () => {
  const [source] = await sql<{ id: number }>`
    insert into sources (key, name, default_kind) values ('elab', 'Bordeaux eLab', 'former_src') returning id`;
  const typed = await person({ firstName: "Zoé" });
  const unknown = await person({ firstName: "Luc" });
  await sql`update email_addresses set typed = true where contact_id = ${typed}`;
  const imported = await person({ firstName: "Ann", locale: "en" });
  await sql`update email_addresses set source_id = ${source?.id} where contact_id = ${imported}`;
  const id = await readyCampaign();
  const { topicId } = await db.campaign.findUniqueOrThrow({ where: { id }, select: { topicId: true } });
  await sql`update topics set legal_basis = 'consent', name = 'Lettre SRC' where id = ${topicId}`;
  for (const [contact, via] of [
    [typed, "page"],
    [imported, "import"],
    [unknown, "import"],
  ] as const) {
    await sql`insert into subscriptions (contact_id, topic_id, subscribed_at) values (${contact}, ${topicId}, now())`;
    await sql`insert into subscription_events (contact_id, topic_id, change, basis, via) values (${contact}, ${topicId}, 'subscribed', 'consent', ${via})`;
  }
  assert.deepEqual((await findSample(imported, topicId))?.reader, {
    locale: "en",
    via: "import",
    source: "Bordeaux eLab",
    typed: false,
  });
  assert.ok((await launchCampaign(id)).ok);
  const content = await db.content.findFirstOrThrow({ where: { campaignId: id }, select: { id: true } });
  const prepared = await prepare(content.id);
  const letterTo = async (contactId: number) => {
    const delivery = await db.delivery.findFirstOrThrow({ where: { contactId } });
    const { raw } = compose(prepared, { ...delivery, variables: delivery.variables as never });
    const [read] = readByPython([raw]);
    const online = await findOnlineMail(signToken("online", await nameOf(delivery.id)));
    return [...(read?.parts.map(([, text]) => text) ?? []), online?.html ?? ""];
  };
  for (const text of await letterTo(typed)) {
    assert.match(
      text,
      /parce que\s+vous\s+l(?:’|&#8217;)avez\s+demandé\s+en\s+ligne\.\s+Votre\s+adresse\s+a\s+été\s+saisie\s+par\s+notre\s+équipe\./,
    );
    assert.match(text, /Se désabonner/);
    assert.doesNotMatch(text, /Unsubscribe/);
  }
  for (const text of await letterTo(unknown)) {
    assert.match(text, /figure\s+dans\s+notre\s+carnet/);
    assert.doesNotMatch(text, /notre\s+équipe|transmis\s+par/);
  }
  for (const text of await letterTo(imported)) {
    assert.match(text, /you\s+gave\s+your\s+consent,\s+passed\s+on\s+by\s+Bordeaux\s+eLab\./);
    assert.match(text, /Unsubscribe/);
    assert.doesNotMatch(text, /Se désabonner|\{\{/);
  }
});
