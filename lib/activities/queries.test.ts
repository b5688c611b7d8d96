import "#lib/test-db";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { listContactTimeline } from "#lib/activities/queries";
import { disconnect, sql } from "#lib/db";
import { enqueueLetter } from "#lib/deliveries/enqueue";
import { sendingCampaign } from "#lib/deliveries/fixtures";

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
