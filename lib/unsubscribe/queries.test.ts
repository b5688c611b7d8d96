import "#lib/test-db";
import assert from "node:assert/strict";
import { test } from "node:test";
import { db } from "#lib/db";
import { giveCampaign, givePerson } from "#lib/received/fixtures";
import { signToken } from "#lib/tokens";
import { unsubscribe } from "#lib/unsubscribe/mutations";
import { findOnlineMail, viewReader } from "#lib/unsubscribe/queries";

test("the page names the newsletter and hides the address", async () => {
  const person = await givePerson("camille@exemple.fr");
  const deliveryId = (await giveCampaign([person.id])).deliveries[0]?.id ?? 0;
  const token = signToken("unsubscribe", deliveryId);
  const view = await viewReader("unsubscribe", token);
  assert.equal(view.address, "c•••@exemple.fr");
  assert.equal(view.topic?.name, "Lettre SRC");
  assert.equal(view.leftTopic, false);
  assert.deepEqual(
    view.newsletters.map(({ subscribed }) => subscribed),
    [true, true, true],
  );
  await unsubscribe({ deliveryId, scope: "topic", via: "page" });
  const after = await viewReader("preferences", signToken("preferences", deliveryId));
  assert.equal(after.leftTopic, true);
  assert.deepEqual(
    after.newsletters.map(({ subscribed }) => subscribed),
    [false, true, true],
  );
});

test("a forged token is shown a page of the same shape, about nobody", async () => {
  const view = await viewReader("unsubscribe", "1.aaaaaaaaaaaaaaaaaaaaaaaa");
  assert.match(view.address, /^[a-z]•••@/);
  assert.ok(view.topic);
  assert.equal(view.newsletters.length, 3);
  const other = await viewReader("unsubscribe", signToken("preferences", 1));
  assert.equal(other.leftTopic, false, "a token of another purpose is forged too");
});

test("the mail read online is the reader's own, from what was frozen", async () => {
  const person = await givePerson("ines@exemple.fr");
  const { deliveries } = await giveCampaign([person.id]);
  const id = deliveries[0]?.id ?? 0;
  await db.delivery.update({ where: { id }, data: { variables: { contact: { firstName: "Inès <b>" } } } });
  const mail = await findOnlineMail(signToken("online", id));
  assert.equal(mail?.html, "<p>Bonjour Inès &lt;b&gt;</p>");
  assert.equal(await findOnlineMail(signToken("unsubscribe", id)), null);
});
