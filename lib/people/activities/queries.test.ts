import "#testing/database";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { disconnect, sql } from "#lib/machine/db";
import { listContactTimeline } from "#lib/people/activities/queries";
import { sendingCampaign } from "#testing/deliveries";

after(disconnect);

test("a timeline shows the subject this person read; braces of a letter of the application are only braces", async () => {
  const { campaign, identity } = await sendingCampaign({ port: 1, recipients: 1 });
  const [contact] = await sql<{
    id: number;
  }>`insert into contacts (kind, last_name) values ('staff', 'Durand') returning id`;
  const letter = {
    kind: "transactional",
    to: "a@b.example",
    subject: "{{ x }}",
    html: "",
    text: "",
  } as const;
  const id = await enqueueLetter({ ...letter, identityId: identity });
  await sql`update deliveries set contact_id = ${contact?.id} where campaign_id = ${campaign} or id = ${id}`;
  const { rows } = await listContactTimeline(contact?.id ?? 0, {});
  assert.deepEqual(rows.map(({ data }) => data.subject).sort(), ["Bonjour Élodie", "{{ x }}"]);
  assert.ok(rows.every(({ data }) => !("variables" in data)));
});
