import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { launchCampaign } from "#lib/letters/campaigns/launch";
import { resumeCampaign } from "#lib/letters/campaigns/mutations";
import { claim } from "#lib/letters/deliveries/claim";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { openJournal } from "#lib/letters/deliveries/journal";
import { settleRestored } from "#lib/letters/deliveries/unknown";
import { sql } from "#lib/machine/db";
import { mayLeave } from "#lib/machine/installation/beat";
import { hold } from "#lib/machine/installation/hold";
import { acknowledgeRestore } from "#lib/office/restores/mutations";
import { getInstallation, listAccountsRead, listDecidable } from "#lib/office/restores/queries";
import { person, readyCampaign } from "#testing/campaigns";
import { givePublicAddress, sendingCampaign } from "#testing/deliveries";

const stateOf = async (id: number) => {
  const [row] = await sql<{ status: string; reason: string | null; at: Date | null; missed: boolean }>`
    select status::text, pause_reason as reason, scheduled_for as at, missed_at is not null as missed from campaigns where id = ${id}`;
  return row && [row.status, row.reason, row.missed];
};

/** One under way, one whose hour has come, one of tomorrow, and a letter. */
async function evening() {
  await givePublicAddress();
  await person();
  const { campaign, relay } = await sendingCampaign({ port: 1, recipients: 5 });
  const [due, later] = [await readyCampaign(), await readyCampaign()];
  await sql`update campaigns set status = 'scheduled', scheduled_for = now() - interval '5 minutes' where id = ${due}`;
  await sql`update campaigns set status = 'scheduled', scheduled_for = now() + interval '1 day' where id = ${later}`;
  const letter = await enqueueLetter({
    kind: "transactional",
    to: "a@src.example",
    subject: "",
    html: "",
    text: "",
  });
  return { campaign, relay, due, later, letter };
}

test("held, nothing is claimed, announced nor launched; let go, each campaign waits for its own decision", async () => {
  const { campaign, relay, due, later, letter } = await evening();
  const [early] = await claim(relay, 1);
  assert.ok(early, "before");
  await hold("restored");
  assert.equal(await mayLeave(), false);
  assert.deepEqual(await claim(relay, 5), []);
  const journal = openJournal("3b241101-e2bb-4255-8caf-4136c566a962");
  assert.equal(await journal.mark(early), false, "what was claimed a moment before");
  await journal.close();
  const draft = await readyCampaign();
  assert.equal((await launchCampaign(draft)).ok, false);

  const held = await listDecidable(await getInstallation());
  assert.deepEqual(
    held.map(({ id, recipients }) => [id, recipients]).sort(),
    [
      [campaign, 5],
      [due, 1],
      [later, 1],
    ].sort(),
  );
  const done = await acknowledgeRestore(null as never);
  assert.deepEqual(done, { ok: true, campaigns: 3, letters: 1 });
  assert.deepEqual(await acknowledgeRestore(null as never), { ok: false, reason: "notHeld" });
  assert.equal(await mayLeave(), true);
  assert.deepEqual(await stateOf(campaign), ["paused", "restored", false]);
  assert.deepEqual(await stateOf(due), ["scheduled", "restored", true]);
  assert.deepEqual(await stateOf(later), ["draft", "restored", false]);
  assert.deepEqual(await claim(relay, 5), [], "nothing leaves by that word alone");
  const [given] = await sql<{
    status: string;
    reason: string;
  }>`select status::text, reason from deliveries where id = ${letter}`;
  assert.deepEqual({ ...given }, { status: "skipped", reason: "restored" });
  assert.equal((await listDecidable(await getInstallation())).length, 3, "until a person decides");
});

test("a campaign is taken up once the mailboxes have been read, or could not be", async () => {
  const [{ id, relay } = { id: 0, relay: 0 }] = await sql<{ id: number; relay: number }>`
    select k.id, i.relay_id as relay from campaigns k join identities i on i.id = k.identity_id
    where k.status = 'paused'`;
  await sql`insert into mailboxes (relay_id, host) values (${relay}, 'imap.src.example')`;
  assert.deepEqual(await resumeCampaign(id, null), { ok: false, reason: "notReadAgain" });
  await sql`update mailboxes set read_at = now() where relay_id = ${relay}`;
  assert.deepEqual(await resumeCampaign(id, null), { ok: false, reason: "notReadAgain" }, "Sent too");
  await sql`insert into sent_folders (relay_id, error) values (${relay}, 'timeout')`;
  const [first] = await sql<{
    id: number;
  }>`select min(id)::int as id from deliveries where campaign_id = ${id}`;
  assert.deepEqual(await settleRestored([first?.id ?? 0, 999_999]), [first?.id], "its copy was there");
  const [{ found } = { found: 0 }] = (await listDecidable(await getInstallation())).filter(
    (one) => one.id === id,
  );
  assert.equal(found, 1);
  assert.equal((await listAccountsRead()).length, 1);
  assert.deepEqual(await resumeCampaign(id, null), { ok: true });
  assert.deepEqual(await settleRestored([(first?.id ?? 0) + 1]), [], "decided: a copy is a copy of now");
  assert.equal((await claim(relay, 5)).length, 4, "the one that had left is left alone");
});
