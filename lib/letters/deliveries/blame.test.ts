/** One recipient stops nobody: what a server says at RCPT, or cannot take, is that delivery's own end. */
import "#testing/database";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { finishCampaigns } from "#lib/letters/campaigns/mutations";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { startEngine } from "#lib/letters/deliveries/send";
import { disconnect, sql } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { startCountingServer } from "#testing/counting-server";
import { sendingCampaign } from "#testing/deliveries";

after(disconnect);

type Server = NonNullable<Parameters<typeof startCountingServer>[0]>;

/** Three recipients, the one in `odd` first in the queue; sends until nothing waits. */
async function sendToThree(behaviour: Server, odd: string) {
  const server = await startCountingServer(behaviour);
  const { campaign, relay } = await sendingCampaign({ port: server.port, recipients: 3, maxConnections: 1 });
  await sql`
    update deliveries set address = ${odd}, address_hash = ${Buffer.from(hashAddress(odd))}
    where id = (select min(id) from deliveries where campaign_id = ${campaign})`;
  const engine = startEngine(randomUUID());
  const open = async () =>
    (await sql`select 1 from deliveries where campaign_id = ${campaign} and status not in ('sent', 'failed')`)
      .length;
  for (let waited = 0; (await open()) > 0 && waited < 40_000; waited += 100) await sleep(100);
  await engine.stop();
  await server.close();
  await finishCampaigns();
  const rows = await sql<{ status: string; reason: string | null; reply: string; standing: string | null }>`
    select d.status::text, d.reason, d.reply from deliveries d where campaign_id = ${campaign} order by d.address = ${odd} desc, id`;
  const [state] = await sql`
    select k.status::text, k.pause_reason as paused, r.pause_reason as relay from campaigns k, relays r where k.id = ${campaign} and r.id = ${relay}`;
  return { server, rows, state };
}

const ended = { status: "sent", paused: null, relay: null };

for (const words of [
  "550 5.7.1 This mailbox does not accept bulk mail",
  "554 5.7.1 Message rejected as spam",
  "552 5.3.4 Message too big for this mailbox",
  "550 5.6.0 Malformed message",
  "550 5.7.1 Only members may post to this list",
  "550 5.7.1 Access denied",
])
  test(`${words}: that one fails with its own words, the others leave, the campaign ends`, async () => {
    const odd = "liste@odd.example";
    const [, code = "", text = ""] = /^(\d+) (.*)/.exec(words) ?? [];
    const { server, rows, state } = await sendToThree(
      { refuse: (address) => (address === odd ? [Number(code), text] : null) },
      odd,
    );
    assert.deepEqual(
      rows.map(({ status }) => status),
      ["failed", "sent", "sent"],
    );
    assert.equal(rows[0]?.reply, words);
    assert.deepEqual(state, ended);
    assert.equal(server.accepted.size, 2);
  });

test("an accented local part is not offered to a server that cannot take it", async () => {
  const odd = "jérôme@odd.example";
  const { server, rows, state } = await sendToThree({ smtpUtf8: false }, odd);
  assert.deepEqual(
    rows.map(({ status, reason }) => [status, reason]),
    [
      ["failed", "non-ascii-address"],
      ["sent", null],
      ["sent", null],
    ],
  );
  assert.match(rows[0]?.reply ?? "", /^553 5\.6\.7 /);
  assert.equal(server.named.size, 2, "never named to the server");
  assert.deepEqual(state, ended);
  const suppressed =
    await sql`select 1 from suppressions where address_hash = ${Buffer.from(hashAddress(odd))}`;
  assert.equal(suppressed.length, 0, "the address is not dead");
});

test("a server that takes it is sent it, and one that refuses it after all ends it alone", async () => {
  const odd = "jérôme@odd.example";
  const taken = await sendToThree({ smtpUtf8: true }, odd);
  assert.deepEqual([taken.rows[0]?.status, taken.server.accepted.get(odd)], ["sent", 1]);
  const refused = await sendToThree(
    { refuse: (address) => (address === odd ? [553, "5.6.7 SMTPUTF8 required: non-ASCII address"] : null) },
    odd,
  );
  assert.deepEqual(
    refused.rows.map(({ status }) => status),
    ["failed", "sent", "sent"],
  );
  assert.deepEqual(refused.state, ended);
});

test("a letter to one person is settled the same way", async () => {
  const server = await startCountingServer({ smtpUtf8: false });
  const { relay, identity } = await sendingCampaign({ port: server.port, recipients: 1 });
  const letter = {
    kind: "test" as const,
    subject: "Essai",
    html: "<p>x</p>",
    text: "x",
    variables: {},
    identityId: identity,
  };
  await enqueueLetter({ ...letter, to: "jérôme@odd.example" });
  const engine = startEngine(randomUUID());
  const row = async () =>
    (
      await sql`select status::text, reason from deliveries where address = 'jérôme@odd.example' and campaign_id is null and relay_id = ${relay}`
    )[0];
  for (let waited = 0; (await row())?.status !== "failed" && waited < 20_000; waited += 100) await sleep(100);
  await engine.stop();
  await server.close();
  assert.deepEqual(await row(), { status: "failed", reason: "non-ascii-address" });
});
