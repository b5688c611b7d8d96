import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { db } from "#lib/machine/db";
import { followLink } from "#lib/returns/clicks/mutations";
import { isHumanClick } from "#lib/returns/clicks/rules";
import { giveCampaign, givePerson } from "#testing/received";

test("clicks are summed by link and day, and only addresses of that campaign are followed", async () => {
  const { campaignId } = await giveCampaign([(await givePerson("a@exemple.fr")).id]);
  assert.equal(await followLink(campaignId, 0, true), "https://iut.example/stages");
  await Promise.all([
    followLink(campaignId, 0, true),
    followLink(campaignId, 0, true),
    followLink(campaignId, 0, false),
  ]);
  assert.equal(await followLink(campaignId, 7, true), null);
  assert.equal(await followLink(campaignId, -1, true), null);
  assert.equal(await followLink(999_999, 0, true), null);
  const rows = await db.linkClick.findMany({ where: { campaignId } });
  assert.deepEqual(
    rows.map(({ link, clicks }) => [link, clicks]),
    [[0, 3]],
  );
});

test("a test of a letter opens no way out that its launch did not freeze", async () => {
  const { campaignId } = await giveCampaign([(await givePerson("b@exemple.fr")).id]);
  const { topicId, identityId } = await db.content.findFirstOrThrow({ where: { campaignId } });
  const links = ["https://iut.example/stages", "https://elsewhere.example/"];
  const letter = { kind: "test" as const, subject: "[Test]", html: "", text: "", links };
  await db.content.create({ data: { ...letter, campaignId, topicId, identityId } });
  assert.equal(await followLink(campaignId, 1, true), null);
  const frozen = { campaignId, kind: "campaign" } as const;
  await db.content.updateMany({ where: frozen, data: { links: ["javascript:alert(1)"] } });
  assert.equal(await followLink(campaignId, 0, true), null, "only ever the web");
});

test("machines and previews are not people", () => {
  const click = (headers: Record<string, string>) => isHumanClick(new Headers(headers));
  const browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  assert.equal(click({ "user-agent": browser }), true);
  assert.equal(click({ "user-agent": browser, "sec-purpose": "prefetch;prerender" }), false);
  assert.equal(click({ "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)" }), false);
  assert.equal(click({}), false);
});
