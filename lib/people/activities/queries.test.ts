import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { sql } from "#lib/machine/db";
import { listContactTimeline } from "#lib/people/activities/queries";
import { sendingCampaign } from "#testing/deliveries";

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

test("a task is one moment, on the page of whom it is about: to do, then done, or answered", async () => {
  const [row] = await sql<{ contact: number; owner: number; mail: number }>`
    with contact as (insert into contacts (kind, last_name) values ('staff', 'Petit') returning id),
    owner as (insert into users (email, name, role) values ('maud@src.example', 'Maud', 'secretariat') returning id),
    mail as (insert into received_mails (relay_id, digest, uid, class, raw) select min(id), sha256('reply'), 1, 'reply', '' from relays returning id)
    select contact.id as contact, owner.id as owner, mail.id as mail from contact, owner, mail`;
  await sql`insert into tasks (title, owner_id, due_on, contact_id) values ('Rappeler', ${row?.owner}, current_date, ${row?.contact})`;
  const told = async () =>
    (await listContactTimeline(row?.contact ?? 0, {})).rows.map(({ source, kind, data, userName }) => [
      source,
      kind,
      data.subject,
      userName,
    ]);
  assert.deepEqual(await told(), [["task", "open", "Rappeler", "Maud"]]);
  await sql`update tasks set done_at = now(), done_by = owner_id`;
  assert.deepEqual(await told(), [["task", "done", "Rappeler", "Maud"]]);
  await sql`update tasks set done_by = null, answer_id = ${row?.mail}`;
  assert.deepEqual(await told(), [["task", "answered", "Rappeler", "Maud"]]);
});
