/** For tests: somebody whom every part of the application has written down, by the application's own doing wherever it can. */

import { messageId } from "#lib/letters/deliveries/message-id";
import { sql, transaction } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { changeSubscription } from "#lib/people/subscriptions/by-staff";
import { readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";
import { unsubscribe } from "#lib/returns/unsubscribe/mutations";
import { emptyReport, importContacts } from "#lib/sites/sources/import";
import { firstLife } from "#testing/names";
import { giveCampaign } from "#testing/received";
import { once as chunks, fileXml } from "#testing/sources";

export const marie = {
  first: "Marie-Ségolène",
  last: "Quéméneur",
  address: "marie.quemeneur@ailleurs.example",
  second: "msq@perso.example",
  phone: "+33 5 57 99 98 97",
};
/** What may be found nowhere once she is erased. */
export const words = [marie.first, marie.last, marie.address, marie.second, "quemeneur", "5 57 99 98 97"];

const xml = (key: string) =>
  fileXml(
    `<contact id="QUEMENEUR-77"><firstName>${marie.first}</firstName><lastName>${marie.last}</lastName>
<email primary="true">${marie.address}</email><email>${marie.second}</email><phone>${marie.phone}</phone>
<address><street>3 rue Quéméneur</street><postcode>33000</postcode><city>Quéméneur-le-Port</city></address><website>https://www.quemeneur.example</website>
<organisation><name>Agence Bleue</name><jobTitle>Directrice</jobTitle></organisation>
<newsletters><subscribe topic="src" at="2024-09-14T10:12:00+02:00" proof="formulaire de ${marie.last}"/></newsletters></contact>\n`,
    key,
  );

/** Imports her from a source, as the worker would; returns what the import counted. */
export async function importMarie(source: { id: number; key: string }) {
  const report = emptyReport();
  const [run] = await sql<{ id: number }>`
    insert into sync_runs (source_id, origin, status) values (${source.id}, 'command', 'running') returning id`;
  const origin = {
    sourceId: source.id,
    sourceKey: source.key,
    defaultKind: "former_src",
    runId: run?.id ?? 0,
    userId: null,
  };
  await transaction((client) => importContacts(client, chunks(xml(source.key)), origin, report));
  await sql`
    insert into sync_run_errors (run_id, line, field, reason, value, rejected)
    select ${run?.id ?? 0}::int, line, field, reason, value, rejected
    from jsonb_to_recordset(${JSON.stringify(report.errors)}::jsonb) as e(line int, field text, reason text, value text, rejected boolean)`;
  await sql`update sync_runs set status = 'succeeded', finished_at = now() where id = ${run?.id ?? 0}`;
  // What a run in slices keeps until its end, of one that was killed.
  await sql`
    insert into remembered_before (run_id, identity_id, memory)
    select ${run?.id ?? 0}, identity_id, to_jsonb(m) from remembered_rows m`;
  return report;
}

export async function giveSource(key: string) {
  const [source] = await sql<{ id: number }>`
    insert into sources (key, name, default_kind) values (${key}, 'Annuaire', 'former_src') returning id`;
  return { id: source?.id ?? 0, key };
}

/** A bounce that names her in base64, folded in the middle of the address; and her answer in quoted-printable. */
function mails(to: { id: number; relayId: number }) {
  const reference = messageId(firstLife(to.id), "src.example");
  const body = Buffer.from(`Madame ${marie.last}, ${marie.address}, est inconnue ici.`).toString("base64");
  const bounce = `From: Mail Delivery <mailer-daemon@ailleurs.example>\r\nTo: lettre@src.example\r\nSubject: Undelivered: ${marie.address}\r\nMessage-ID: <b1@ailleurs.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${body.slice(0, 40)}\r\n${body.slice(40)}\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; ailleurs.example\r\n\r\nFinal-Recipient: rfc822; ${marie.address}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 <${marie.address}> unknown\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: ${reference}\r\n\r\n--b--\r\n`;
  const reply = `From: "${marie.last}" <${marie.address}>\r\nTo: lettre@src.example\r\nSubject: Re: Bonjour de ${marie.last}\r\nIn-Reply-To: ${reference}\r\nMessage-ID: <r1@ailleurs.example>\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nMerci, =C3=A9crivez-moi =C3=A0 marie.quemeneur=40aille=\r\nurs.example\r\n`;
  const moved = `From: "${marie.last}" <${marie.address}>\r\nTo: lettre@src.example\r\nSubject: Changement d'adresse\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: ${reference}\r\nMessage-ID: <m1@ailleurs.example>\r\nContent-Type: text/plain\r\n\r\nMa nouvelle adresse : marie.${marie.address}\r\n`;
  const other = `From: Paul <paul@ailleurs.example>\r\nTo: lettre@src.example\r\nSubject: Ma voisine\r\nMessage-ID: <p1@ailleurs.example>\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(
    `Voici son adresse : ${marie.address}`,
  )
    .toString("base64")
    .replace(/(.{30})/g, "$1\r\n")}\r\n`;
  return [bounce, reply, moved, other];
}

/** One mail of a mailbox, read and recorded. */
export async function receive(relayId: number, raw: string, uid: number) {
  const read = await readIncoming({ uid, uidValidity: 1n, raw: Buffer.from(raw), receivedAt: new Date() });
  return transaction((client) => recordMail(client, relayId, read));
}

/**
 * Marie imported, edited, written to, answering, bounced, unsubscribed, tested on, noticed, in the sandbox, in an upload
 * and in other people's notes. `by` is an account.
 */
export async function writeEverywhere(source: { id: number; key: string }, by: number) {
  await importMarie(source);
  const [contact] = await sql<{ id: number }>`
    select contact_id as id from email_addresses where address = ${marie.address}`;
  const id = contact?.id ?? 0;
  await sql`update contacts set notes = ${`Rencontrée avec ${marie.last}`} where id = ${id}`;
  const { campaignId, relayId, deliveries } = await giveCampaign([id]);
  const delivery = deliveries[0]?.id ?? 0;
  await sql`
    update deliveries set variables = ${JSON.stringify({ contact: { firstName: marie.first, lastName: marie.last } })}::jsonb,
      reply = ${`250 ok <${marie.address}>`} where id = ${delivery}`;
  await sql`insert into attempts (delivery_id, n, outcome, reply) values (${delivery}, 1, 'sent', ${`250 ok <${marie.address}>`})`;
  for (const [i, raw] of mails({ id: delivery, relayId }).entries()) await receive(relayId, raw, i + 1);
  await unsubscribe({ deliveryId: delivery, scope: "topic", via: "page" });
  await changeSubscription(
    { contactId: id, topicId: 2, subscribed: true, proof: `Appel de ${marie.last}` },
    by,
  );
  await writeByHand({ id, by, relayId, sourceId: source.id });
  return { id, campaignId, relayId, delivery };
}

/** What other moments of the application's life leave. */
async function writeByHand({
  id,
  by,
  relayId,
  sourceId,
}: {
  id: number;
  by: number;
  relayId: number;
  sourceId: number;
}) {
  const hash = Buffer.from(hashAddress(marie.address));
  await correspond(id, by, relayId);
  await sql`
    insert into promises (campaign_year, siret, company, share, address, address_hash, network_hash)
    values (2027, '73282932000074', 'Quai', 4000, ${marie.address}, ${hash}, ${hash})`;
  await sql`
    with test as (
      insert into contents (kind, identity_id, subject, html, text) select 'test', id, '[Test]', '<p>', '' from identities limit 1 returning id
    ), digest as (
      insert into contents (kind, identity_id, subject, html, text)
      select 'transactional', id, ${`Départ de ${marie.last}`}, ${`<li>${marie.first} ${marie.last}</li>`}, ${`${marie.first} ${marie.last}`} from identities limit 1 returning id
    )
    insert into deliveries (content_id, address, address_hash, status, settled_at, variables)
    select id, 'prof@src.example', sha256('prof'), 'sent'::"DeliveryStatus", now(),
      ${JSON.stringify({ contact: { firstName: marie.first, lastName: marie.last } })}::jsonb from test
    union all select id, 'secretariat@src.example', sha256('sec'), 'sent', now(), '{}'::jsonb from digest
    -- A letter of the time when the address was another contact's, deleted since.
    union all select id, ${marie.address}, ${hash}, 'sent', now(), '{}'::jsonb from test`;
  await sql`
    insert into sandbox_messages (relay_id, folder, envelope_from, recipient, subject, raw)
    values (${relayId}, 'sent', 'lettre@src.example', ${marie.address}, ${`Bonjour ${marie.first}`}, ${Buffer.from(`To: ${marie.address}\r\n\r\nBonjour ${marie.first}`)}),
      (${relayId}, 'inbox', 'mailer-daemon@src.example', 'lettre@src.example', 'Failed', ${Buffer.from(`Final-Recipient: rfc822; ${marie.second}`)})`;
  await sql`
    with run as (
      insert into sync_runs (source_id, origin, status, finished_at) values (${sourceId}, 'upload', 'failed', now()) returning id
    ), upload as (insert into sync_uploads (run_id, name, size) select id, 'anciens.xml', 10 from run returning run_id),
    fault as (
      insert into sync_run_errors (run_id, line, field, reason, value) select id, 3, 'email', 'email', ${`${marie.second}@`} from run
    )
    insert into sync_chunks (run_id, n, bytes) select run_id, 0, ${Buffer.from(xml("annuaire"))} from upload`;
  await sql`update bounces set overturned_at = now(), overturned_by_id = ${by}, overturned_why = ${`${marie.first} ${marie.last} a téléphoné`}
    where id = (select max(id) from bounces where delivery_id is not null)`;
  await sql`insert into audit_entries (user_id, action, subject, data) values (${by}, 'contacts.exported', 'contacts', ${JSON.stringify({ q: marie.address })}::jsonb)`;
  await sql`insert into organisations (name, email, notes) values ('Voisine SARL', ${marie.second}, ${`Demander à ${marie.address}, le matin`})`;
  await sql`
    insert into tasks (title, owner_id, due_on, contact_id) values (${`Rappeler ${marie.last}`}, ${by}, current_date, ${id}),
      (${`Demander l’adresse de sa voisine à ${marie.address}`}, ${by}, current_date, null)`;
  await sql`
    insert into suppressions (address_hash, reason, note) values (sha256('autre'), 'manual', ${`Demandé par ${marie.address}`})`;
  await sql`
    insert into corrections (contact_id, first_name, last_name, email, phone, street, postcode, city, note)
    values (${id}, ${marie.first}, ${marie.last}, ${marie.second}, ${marie.phone}, '3 rue Quéméneur', 'Quéméneur', 'Quéméneur-le-Port', ${marie.last})`;
  await sql`
    insert into corrections (contact_id, note)
    select id, ${`Mon amie : ${marie.address}`} from contacts where id <> ${id} order by id limit 1 on conflict do nothing`;
  await sql`insert into notices (kind, contact_id, data) values ('complaint', ${id}, '{}')`;
  // What a run changed of her, and of a neighbour whom her address passed to.
  const was = JSON.stringify({
    lastName: marie.last,
    addresses: [{ address: marie.address }, { address: marie.second }],
  });
  await sql`
    with set as (insert into change_sets (kind) values ('sync') returning id), neighbour as (
      insert into contacts (kind, last_name) values ('staff', 'Voisin') returning id
    )
    insert into changes (set_id, contact_id, key, before, after)
    select set.id, ${id}, 'quemeneur-1', ${was}::jsonb, ${was}::jsonb from set
    union all select set.id, neighbour.id, null, ${was}::jsonb - 'lastName', ${was}::jsonb - 'lastName' from set, neighbour`;
}

/** A letter written to her and her name in everything around it, and somebody else's conversation about her. */
async function correspond(id: number, by: number, relayId: number) {
  const said = `${marie.first} ${marie.last}, ${marie.address}`;
  const hash = Buffer.from(hashAddress(marie.address));
  await sql`
    with thread as (
      insert into threads (subject, assignee_id) values (${`Stage de ${marie.last}`}, ${by}) returning id
    ), content as (
      insert into contents (kind, identity_id, subject, html, text, refs)
      select 'personal', id, ${`Stage de ${marie.last}`}, ${`<p>${said}</p>`}, ${said}, ${`<a.${marie.address}>`} from identities limit 1 returning id
    ), file as (
      insert into attachments (name, type, size) values (${`Convention de ${marie.last}.txt`}, 'text/plain', 1) returning id
    ), piece as (
      insert into attachment_chunks (attachment_id, n, bytes) select id, 0, convert_to(${said}, 'UTF8') from file
    ), joined as (
      insert into content_attachments (content_id, attachment_id) select content.id, file.id from content, file
    ), delivery as (
      insert into deliveries (content_id, contact_id, address, address_hash, status, settled_at, relay_id)
      select id, ${id}, ${marie.address}, ${hash}, 'sent', now(), ${relayId} from content returning id
    ), draft as (
      insert into drafts (author_id, subject, html) values (${by}, ${marie.last}, ${said}) returning id
    ), recipient as (
      insert into draft_recipients (draft_id, contact_id, address) select id, ${id}, ${marie.address} from draft
    ), note as (
      insert into thread_notes (thread_id, user_id, text) select id, ${by}, ${said} from thread
    )
    insert into letters (thread_id, contact_id, subject, text, author_id, delivery_id, message_id, refs)
    select thread.id, ${id}, ${marie.last}, ${said}, ${by}, delivery.id, ${`<b.${marie.address}>`}, ${`<a.${marie.address}>`} from thread, delivery`;
  await sql`
    with thread as (
      insert into threads (subject) values (${`À propos de ${marie.address}`}) returning id
    ), note as (
      insert into thread_notes (thread_id, user_id, text) select id, ${by}, ${`Appeler ${marie.address}`} from thread
    ), content as (
      insert into contents (kind, identity_id, subject, html, text) select 'personal', id, 'x', '', '' from identities limit 1 returning id
    ), delivery as (
      insert into deliveries (content_id, address, address_hash, status, settled_at)
      select id, 'paul@src.example', sha256('paul'), 'sent', now() from content returning id
    )
    insert into letters (thread_id, subject, text, author_id, delivery_id)
    select thread.id, 'Sa voisine', ${`Écrivez à ${marie.address}`}, ${by}, delivery.id from thread, delivery`;
  await sql`
    with draft as (
      insert into drafts (author_id, subject, html) values (${by}, 'Voisine', ${`<p>${marie.address}</p>`}) returning id
    )
    insert into attachments (draft_id, name, type, size) select id, ${`Mail de ${marie.address}.pdf`}, 'application/pdf', 1 from draft`;
}
