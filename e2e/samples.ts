/** For each page with a parameter, the address of one that exists for the account of this address: a page without a sample fails the test. */

import { nameOf } from "#testing/names";
import { sql } from "../lib/machine/db.ts";
import { hashAddress } from "../lib/machine/seal.ts";
import { signToken } from "../lib/machine/tokens.ts";
import { sendingCampaign } from "../testing/deliveries.ts";

export async function samples(email: string): Promise<Record<string, string>> {
  // A test that fails is run again in a new process: each has its own samples.
  const mark = Date.now().toString(36);
  const address = `elodie.${mark}@sample.example`;
  const { campaign, relay } = await sendingCampaign({ port: 1, recipients: 2 });
  // Finished, so that the worker leaves it alone.
  await sql`update deliveries set status = 'sent', settled_at = now(), relay_id = ${relay}, attempts = 1 where campaign_id = ${campaign}`;
  await sql`update campaigns set status = 'sent', finished_at = now() where id = ${campaign}`;
  await sql`
    update deliveries set status = 'unknown', settled_at = null, announced_at = now(), unknown_at = now(), reason = 'connectionLost'
    where id = (select max(id) from deliveries where campaign_id = ${campaign})`;
  const [row] = await sql<Record<string, number>>`
    with person as (
      insert into contacts (kind, first_name, last_name, graduation_year) values ('former_src', 'Élodie', 'Durand', 2012) returning id
    ), address as (
      insert into email_addresses (contact_id, address, address_hash, is_primary, standing, standing_at)
      select id, ${address}, ${Buffer.from(hashAddress(address))}, true, 'hard', now() from person
    ), place as (
      insert into organisations (name) values ('Agence Garonne') returning id
    ), link as (
      insert into affiliations (contact_id, organisation_id, role) select person.id, place.id, 'payroll' from person, place
    ), pledge as (
      insert into pledges (campaign_year, organisation_id, state, share, expected_low_cents, expected_high_cents, contact_id, next_step, next_on)
      select extract(year from now()), place.id, 'pledged', 4000, 110000, 220000, person.id, 'Rappeler la comptable', current_date
      from place, person returning id
    ), base as (
      insert into company_bases (organisation_id, campaign_year, kind, low_cents, high_cents, headcount, sector)
      select id, extract(year from now()), 'estimated', 120000000, 250000000, 40, 'any' from place
    ), wrong as (
      insert into direct_payments (organisation_id, campaign_year, cents, means, came_on)
      select id, extract(year from now()), 30000, 'cheque', current_date from place
    ), site as (
      insert into sources (key, name, url, default_kind) values (${`site-${mark}`}, 'Site des anciens', 'https://site.example/anciens.xml', 'former_src') returning id
    ), run as (
      insert into sync_runs (source_id, status, origin, finished_at, rows_read, created, rejected)
      select id, 'succeeded', 'pull', now(), 3, 2, 1 from site returning id
    ), fault as (
      insert into sync_run_errors (run_id, line, field, reason, value, rejected) select id, 12, 'email', 'email', 'elodie@', true from run
    ), draft as (
      insert into campaigns (name, model, topic_id, segment_id, identity_id, subject, blocks)
      select 'Brouillon', model, topic_id, segment_id, identity_id, 'Bonjour {{ contact.firstName }}',
        '[{"id":"a","type":"text","markdown":"Bonjour **à tous**"}]'::jsonb
      from campaigns where id = ${campaign} returning id
    ), kept as (
      insert into sandbox_messages (relay_id, folder, envelope_from, recipient, subject, raw)
      select id, 'sent', 'a@src.example', 'elodie@sample.example', 'Bonjour',
        convert_to(E'From: a@src.example\\r\\nTo: elodie@sample.example\\r\\nSubject: Bonjour\\r\\nContent-Type: text/html\\r\\n\\r\\n<h1>Bonjour</h1>', 'UTF8')
      from relays where kind = 'sandbox' returning id
    ), mail as (
      insert into received_mails (relay_id, digest, uid, class, sender, subject, raw, contact_id)
      select relays.id, sha256(convert_to(${mark}, 'UTF8')), 1, 'bounce', 'mailer-daemon@sample.example', 'Undelivered Mail',
        convert_to(E'From: mailer-daemon@sample.example\\r\\nSubject: Undelivered Mail\\r\\n\\r\\n550 5.1.1 User unknown', 'UTF8'), person.id
      from relays, person where kind = 'sandbox' returning id
    ), task as (
      insert into tasks (title, owner_id, due_on, contact_id)
      select 'Rappeler la comptable', (select min(id) from users), current_date, person.id from person
      where exists (select from users) returning id
    ), verdict as (
      insert into bounces (received_mail_id, class, verdict, blame, status, reason, diagnostic)
      select id, 'bounce', 'hard', 'recipient', '5.1.1', 'user-unknown', '550 5.1.1 User unknown' from mail
    )
    select person.id as contact, place.id as organisation, site.id as source, run.id as run, draft.id as draft,
      kept.id as sandbox, mail.id as mail,
      (select min(id) from deliveries where campaign_id = ${campaign}) as delivery,
      (select segment_id from campaigns where id = ${campaign}) as segment, pledge.id as pledge, (select id from task) as task
    from person, pledge, place, site, run, draft, kept, mail`;
  const id = (name: string) => row?.[name] ?? 0;
  const paid = await samplesOfTransfers();
  const name = await nameOf(id("delivery"));
  const token = (purpose: "unsubscribe" | "preferences") => signToken(purpose, name);
  return {
    ...(await samplesOfLetters(id("contact"), email)),
    "/sandbox/[id]": `/sandbox/${id("sandbox")}`,
    "/segments/[id]": `/segments/${id("segment")}`,
    "/relays/[id]": `/relays/${relay}`,
    "/relays/[id]/edit": `/relays/${relay}/edit`,
    "/received/[id]": `/received/${id("mail")}`,
    "/contacts/[id]": `/contacts/${id("contact")}`,
    "/contacts/[id]/edit": `/contacts/${id("contact")}/edit`,
    "/organisations/[id]": `/organisations/${id("organisation")}`,
    "/organisations/[id]/edit": `/organisations/${id("organisation")}/edit`,
    "/organisations/[id]/tax": `/organisations/${id("organisation")}/tax`,
    "/transfers/[id]": `/transfers/${paid?.transfer}`,
    "/transfers/files/[id]": `/transfers/files/${paid?.file}`,
    "/promesse/[[...token]]": "/promesse",
    "/tasks/[id]": `/tasks/${id("task")}`,
    "/pledges/[id]": `/pledges/${id("pledge")}`,
    "/sources/[id]": `/sources/${id("source")}`,
    "/sources/[id]/edit": `/sources/${id("source")}/edit`,
    "/sources/[id]/fields": `/sources/${id("source")}/fields`,
    "/sources/[id]/script": `/sources/${id("source")}/script`,
    "/sources/runs/[id]": `/sources/runs/${id("run")}`,
    "/help/[page]": "/help/sending",
    "/campaigns/[id]": `/campaigns/${campaign}`,
    "/campaigns/[id]/deliveries": `/campaigns/${campaign}/deliveries`,
    "/campaigns/[id]/deliveries/[deliveryId]": `/campaigns/${campaign}/deliveries/${id("delivery")}`,
    "/campaigns/[id]/unknown": `/campaigns/${campaign}/unknown`,
    "/campaigns/[id]/message": `/campaigns/${campaign}/message`,
    "/campaigns/[id]/compose": `/campaigns/${id("draft")}/compose`,
    "/campaigns/[id]/review": `/campaigns/${id("draft")}/review`,
    "/desabonnement/[[...token]]": `/desabonnement/${token("unsubscribe")}`,
    "/preferences/[[...token]]": `/preferences/${token("preferences")}`,
    // A link that is no longer good is the page most people see of these three.
    "/invitation/[token]": "/invitation/x",
    "/bienvenue/[token]": "/bienvenue/x",
    "/reinitialisation/[token]": "/reinitialisation/x",
  };
}

/** A transfer with a line of nobody we know, and a file that waits for its columns. */
async function samplesOfTransfers() {
  const [row] = await sql<{ transfer: number; file: number }>`
    with file as (
      insert into transfer_files (kind, name, sha256, cells)
      values ('list', 'liste.csv', sha256(''), '[["SIRET", "Montant"], ["73282932000074", "12,00"], ["732829320", "5"]]') returning id
    ), transfer as (
      insert into transfers (campaign_year, number, bank_cents)
      select 2040 + floor(random() * 60)::int, 1 + floor(random() * 99)::int, 1200 returning id
    ), line as (
      insert into transfer_lines (transfer_id, file_id, row, siret, name, cents, fingerprint)
      select transfer.id, file.id, 2, '73282932000074', 'Ateliers du Quai', 1200, 'a' from transfer, file
    )
    select transfer.id as transfer, file.id as file from transfer, file`;
  return row;
}

/** A conversation: our letter, their answer, a note; and a draft of whoever looks, since drafts are one's own. */
async function samplesOfLetters(contactId: number, email: string): Promise<Record<string, string>> {
  const [row] = await sql<{ thread: number; draft: number; reply: number }>`
    with thread as (
      insert into threads (subject, last_in_at, last_out_at) values ('Votre stage', now(), now() - interval '1 day') returning id
    ), content as (
      insert into contents (kind, identity_id, subject, html, text)
      select 'personal', id, 'Votre stage', '<p>Bonjour</p>', 'Bonjour' from identities where is_default returning id
    ), delivery as (
      insert into deliveries (content_id, contact_id, address, address_hash, status, settled_at)
      select id, ${contactId}, 'elodie@sample.example', sha256('x'), 'sent', now() from content returning id
    ), mail as (
      insert into received_mails (relay_id, digest, uid, class, sender, subject, raw, contact_id)
      select id, sha256(convert_to(${`letter ${contactId}`}, 'UTF8')), 2, 'reply', 'elodie@sample.example', 'Re: Votre stage', 'Merci', ${contactId}::int
      from relays where kind = 'sandbox' limit 1 returning id
    ), ours as (
      insert into letters (thread_id, contact_id, subject, text, delivery_id)
      select thread.id, ${contactId}::int, 'Votre stage', 'Bonjour', delivery.id from thread, delivery
    ), theirs as (
      insert into letters (thread_id, contact_id, subject, text, received_mail_id, sureness)
      select thread.id, ${contactId}::int, 'Re: Votre stage', E'Merci !\n\nLe jeu. 26 nov. 2026 à 10:12, SRC a écrit :\n> Bonjour', mail.id, 'address'
      from thread, mail
    ), note as (
      insert into thread_notes (thread_id, text) select id, 'Rappeler lundi' from thread
    ), draft as (
      insert into drafts (author_id, subject, html, identity_id)
      select u.id, 'Votre stage', '<p>Bonjour <strong>Élodie</strong></p>', i.id from users u, identities i
      where i.is_default and u.email = ${email} returning id
    ), recipient as (
      insert into draft_recipients (draft_id, contact_id) select id, ${contactId}::int from draft
    )
    , reply as (
      insert into saved_replies (user_id, title, html, shared)
      select id, 'Accusé de réception', '<p>Bonjour {{ contact.firstName }}</p>', true from users where email = ${email} returning id
    )
    select thread.id as thread, (select max(id) from draft) as draft, (select max(id) from reply) as reply from thread`;
  return {
    "/inbox/[id]": `/inbox/${row?.thread}`,
    "/letters/[id]": `/letters/${row?.draft}`,
    "/letters/replies/[id]": `/letters/replies/${row?.reply}`,
  };
}
