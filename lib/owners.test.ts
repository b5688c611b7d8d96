/** A table is written by the noun that owns it; who else does is on a short list, with the reason. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { sources, tableOf, writesIn } from "#testing/writes";

/** The tables of each noun. `migrations` writes what only a migration or a trigger may. */
const tablesOf: Record<string, string> = {
  audit: "audit_entries sign_in_networks",
  notices: "notices",
  settings: "settings",
  activities: "activities",
  contacts: "contacts email_addresses",
  organisations: "organisations affiliations",
  segments: "segments",
  tasks: "tasks",
  subscriptions: "subscriptions subscription_events newsletter_pauses",
  consents: "click_consents",
  suppressions: "suppressions",
  "change-sets": "change_sets changes change_decisions",
  campaigns: "campaigns campaign_images campaign_files",
  deliveries: "deliveries contents attempts lookups",
  threads: "threads letters thread_notes thread_beats",
  attachments: "attachments attachment_chunks content_attachments loose_files",
  "saved-replies": "saved_replies",
  drafts: "drafts draft_recipients letter_signatures",
  dkim: "dkim_keys domain_records",
  relays: "relays identities identity_fallbacks relay_oauth",
  ledger: "relay_usage relay_domains relay_slots",
  sandbox: "sandbox_messages",
  verdicts: "bounces",
  mailbox: "mailboxes mailbox_folders mailbox_listeners sent_folders filed_copies",
  received: "received_mails rejudgements rejudged_mails",
  corrections: "corrections",
  clicks: "link_clicks reader_clicks",
  sources:
    "sources source_secrets push_nonces external_identities refused_identities remembered_rows remembered_before sync_runs sync_run_errors sync_uploads sync_chunks",
  years: "tax_years tax_milestones",
  companies: "company_bases do_not_solicit",
  transfers: "transfers transfer_lines transfer_matches transfer_files column_mappings",
  rates: "tax_rates tax_verified_years",
  promises: "promises",
  costs: "tax_costs",
  pledges: "pledges pledge_events pledge_reminders direct_payments",
  users: "users user_sessions user_tokens sign_in_failures",
  dashboard: "contact_counts",
  privacy: "retention_rules purge_cursors purge_clock contact_reviews erasures erasure_hashes",
  worker: "workers",
  installation: "installation restores",
  backups: "backups",
  watch: "faults",
  migrations: "topics campaign_totals contact_signs thread_words",
};

/** `noun → tables`: why another noun writes them itself. */
const allowed: Record<string, string> = {
  "sources → contacts email_addresses organisations affiliations":
    "a file of a hundred thousand people is a few statements over its staged rows, not a call each",
  "change-sets → contacts email_addresses affiliations subscriptions subscription_events":
    "undoing a file puts back what it changed of a hundred thousand people, in a few statements",
  "campaigns → deliveries contents": "the launch freezes the audience in one statement and one snapshot",
  "deliveries → campaigns":
    "content that is refused pauses its campaign; campaigns stand on deliveries, not the reverse",
  "deliveries → bounces": "what a circuit put back was no refusal, in the statement that puts it back",
  "deliveries → relay_domains relays":
    "a settlement and what it says of the relay are one statement: one round trip, one commit",
  "verdicts → deliveries email_addresses":
    "a verdict is a fact of the delivery and of the address, marked where it is judged",
  "received → deliveries bounces email_addresses":
    "so is a complaint or a reply, in the transaction that keeps the mail",
  "threads → received_mails":
    "what is answered or closed in « Messagerie » is handled in « Retours »: one state, in one transaction",
  "unsubscribe → deliveries": "and a reader who leaves: the campaign counts it",
  "unsubscribe → settings": "the daily letter is won by whoever writes its hour",
  "ledger → relays":
    "the pace of a relay, and what of it is spent, stands in the one row that every claim locks",
  "relays → relay_domains":
    "a server that pauses a relay, or only what goes to its domain, is heard in one place",
  "relays → mailboxes mailbox_folders mailbox_listeners sent_folders":
    "one form sets an account and its mailbox; another one is read anew from the same transaction",
  "mailbox → relays": "that an account was tested, which puts it in service, is a column of its relay",
  "migrations → settings": "that secrets were bound is written in the transaction that binds them",
};

/** Erasing and ageing take something out of most tables, in the order the law asks; they put nothing in. */
const forgets = (noun: string, verb: string) => noun === "privacy" && /^(update|delete)/.test(verb);

type Write = { file: string; noun: string; verb: string; table: string };
const writes: Write[] = sources
  .filter((file) => /^lib\/./.test(file))
  .flatMap((file) => {
    const noun = file.split("/").at(-2) ?? "";
    return writesIn(readFileSync(file, "utf8")).map((write) => ({ file, noun, ...write }));
  });

const ownerOf = new Map(
  Object.entries(tablesOf).flatMap(([noun, tables]) => tables.split(" ").map((table) => [table, noun])),
);
const exceptions = Object.keys(allowed).flatMap((line) => {
  const [noun, tables = ""] = line.split(" → ");
  return tables.split(" ").map((table) => `${noun} ${table}`);
});
const foreign = writes.filter(({ noun, verb, table }) => ownerOf.get(table) !== noun && !forgets(noun, verb));

it("every table has one owner", () => {
  assert.deepEqual([...ownerOf.keys()].sort(), [...tableOf.values()].sort());
});

it("nobody else writes it, but for a reason", () => {
  const wrong = foreign.filter(({ noun, table }) => !exceptions.includes(`${noun} ${table}`));
  assert.deepEqual(
    wrong.map(({ file, verb, table }) => `${file}: ${verb} ${table}`),
    [],
  );
});

it("no reason outlives what it allowed", () => {
  const used = new Set(foreign.map(({ noun, table }) => `${noun} ${table}`));
  assert.deepEqual(
    exceptions.filter((exception) => !used.has(exception)),
    [],
  );
});

it("the timeline, the notices and the ledger have one sentence that inserts each", () => {
  for (const table of ["notices", "audit_entries"])
    assert.equal(
      writes.filter((one) => one.table === table && one.verb.startsWith("insert")).length,
      1,
      table,
    );
  assert.deepEqual(
    writes.filter((one) => one.table === "relay_usage" && !one.verb.startsWith("delete")),
    [],
    "the ledger's is in the database (usage_entries), for statements that settle and count at once",
  );
  const activities = writes.filter((one) => one.table === "activities" && one.verb.startsWith("insert"));
  assert.deepEqual(
    activities.map(({ file }) => file),
    ["lib/people/activities/mutations.ts", "lib/people/activities/mutations.ts"],
    "one, and the same for many",
  );
});
