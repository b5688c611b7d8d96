import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { db } from "#lib/machine/db";
import { signToken } from "#lib/machine/tokens";
import { resubscribe, unsubscribe } from "#lib/returns/unsubscribe/mutations";
import { findOnlineMail, viewReader } from "#lib/returns/unsubscribe/queries";
import { firstLife } from "#testing/names";
import { giveCampaign, givePerson } from "#testing/received";

test("the page names the newsletter and hides the address", async () => {
  const person = await givePerson("camille@exemple.fr");
  const deliveryId = (await giveCampaign([person.id])).deliveries[0]?.id ?? 0;
  const token = signToken("unsubscribe", firstLife(deliveryId));
  const view = await viewReader("unsubscribe", token);
  assert.equal(view?.address, "c•••@exemple.fr");
  assert.equal(view?.topic?.name, "Lettre SRC");
  assert.equal(view?.leftTopic, false);
  assert.deepEqual(
    view?.newsletters.map(({ subscribed }) => subscribed),
    [true, true, true],
  );
  await unsubscribe({ deliveryId, scope: "topic", via: "page" });
  const after = await viewReader("preferences", signToken("preferences", firstLife(deliveryId)));
  assert.equal(after?.leftTopic, true);
  assert.deepEqual(
    after?.newsletters.map(({ subscribed }) => subscribed),
    [false, true, true],
  );
});

test("« de nouveau abonné » is said of who left, came back and would be written to, of nobody else", async () => {
  const person = await givePerson("lise@exemple.fr");
  const deliveryId = (await giveCampaign([person.id])).deliveries[0]?.id ?? 0;
  const cameBack = async () =>
    (await viewReader("unsubscribe", signToken("unsubscribe", firstLife(deliveryId))))?.cameBack;
  assert.equal(await cameBack(), false, "never left");
  await unsubscribe({ deliveryId, scope: "topic", via: "page" });
  assert.equal(await cameBack(), false, "left");
  await resubscribe({ deliveryId, scope: "topic" });
  assert.equal(await cameBack(), true);
  await db.subscription.updateMany({
    where: { contactId: person.id, topicId: 1 },
    data: { unsubscribedAt: new Date() },
  });
  assert.equal(await cameBack(), false, "ended since by somebody here");
  const other = (await giveCampaign([(await givePerson("lola@exemple.fr")).id])).deliveries[0]?.id ?? 0;
  const otherCameBack = async () =>
    (await viewReader("unsubscribe", signToken("unsubscribe", firstLife(other))))?.cameBack;
  assert.equal(await otherCameBack(), false, "another person");
  await unsubscribe({ deliveryId: other, scope: "all", via: "page" });
  await resubscribe({ deliveryId: other, scope: "all" });
  assert.equal(await otherCameBack(), true, "from everything");
});

test("nobody is invented for a link that was cut, forged, or of a mail that is no more", async () => {
  const person = await givePerson("nadia@exemple.fr");
  const id = (await giveCampaign([person.id])).deliveries[0]?.id ?? 0;
  const token = signToken("unsubscribe", firstLife(id));
  for (const text of [
    "",
    token.slice(0, -1),
    "1.aaaaaaaaaaaaaaaaaaaaaaaa",
    signToken("preferences", firstLife(id)),
  ])
    assert.equal(await viewReader("unsubscribe", text), null, text);
  assert.equal(await viewReader("unsubscribe", signToken("unsubscribe", firstLife(2_000_000_000))), null);
  assert.equal((await viewReader("unsubscribe", `${token}%3E`))?.token, token);
});

test("the mail read online is the reader's own, from what was frozen", async () => {
  const person = await givePerson("ines@exemple.fr");
  const { deliveries } = await giveCampaign([person.id]);
  const id = deliveries[0]?.id ?? 0;
  await db.delivery.update({ where: { id }, data: { variables: { contact: { firstName: "Inès <b>" } } } });
  const mail = await findOnlineMail(signToken("online", firstLife(id)));
  assert.equal(mail?.html, "<p>Bonjour Inès &lt;b&gt;</p>");
  assert.equal(await findOnlineMail(signToken("unsubscribe", firstLife(id))), null);
});
