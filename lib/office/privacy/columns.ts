/**
 * The dictionary of personal data: every column of the database, what it says of whom, why it is kept and until when.
 * A test reads information_schema and refuses a column that is not named here; another erases somebody and looks for
 * them in all of them.
 */
import type { RuleName } from "#lib/office/privacy/rules";

/**
 * Of contacts: `identity` (who and where), `career` (studies, work), `relation` (what happened between us), `mail` (what
 * was written), `hash` (keyed hash, to recognise without knowing). Of the staff: `account`, `connection`. `editorial` is
 * what the department publishes or calls its things, `secret` is sealed or hashed, `none` is about no person.
 */
export const categories = [
  "identity",
  "career",
  "relation",
  "mail",
  "hash",
  "account",
  "connection",
  "editorial",
  "secret",
  "none",
] as const;
export type Category = (typeof categories)[number];

/** Why: each is a sentence of the catalog (`privacy.purposes`). */
export type Purpose =
  | "contactBook"
  | "newsletters"
  | "returns"
  | "opposition"
  | "imports"
  | "accounts"
  | "proof"
  | "service";

/** Until when: a rule in force, as long as the contact or the account exists, or « none »: never by itself. */
export type Keep = RuleName | "contact" | "account" | "none";

type Table = {
  purpose: Purpose;
  keep: Keep;
  /** Columns kept for another time than the rest of their table. */
  except?: Partial<Record<string, Keep>>;
} & Partial<Record<Category, string>>;

const technical = (columns: string): Table => ({ purpose: "service", keep: "none", none: columns });

export const tables: Record<string, Table> = {
  // ─── people
  contacts: {
    purpose: "contactBook",
    keep: "contacts",
    identity: "first_name last_name sort_name phone street postcode city city_key country website locale",
    career: "kind graduation_year",
    relation: "notes",
    none: "id created_at updated_at archived_at",
  },
  email_addresses: {
    purpose: "contactBook",
    keep: "contact",
    identity: "address",
    hash: "address_hash",
    relation: "standing soft_bounces standing_at source_id typed",
    none: "id contact_id is_primary created_at",
  },
  affiliations: {
    purpose: "contactBook",
    keep: "contact",
    career: "contact_id organisation_id role job_title started_at ended_at",
    none: "id created_at",
  },
  organisations: {
    purpose: "contactBook",
    keep: "none",
    relation: "email notes",
    none: "id name siren siret sector headcount phone website street postcode city country created_at updated_at archived_at sort_name",
  },
  activities: {
    purpose: "contactBook",
    keep: "contact",
    relation: "kind contact_id data at",
    none: "id organisation_id campaign_id user_id",
  },
  tasks: {
    purpose: "contactBook",
    keep: "tasks",
    relation: "title contact_id",
    none: "id owner_id due_on due_time organisation_id received_mail_id awaits_id version created_at created_by done_at done_by answer_id",
  },
  contact_signs: {
    purpose: "contactBook",
    keep: "contact",
    relation: "contact_id answered_at wrote_at chose_at strong_at clicked_at mild_at came_at",
    none: "answer_id wrote_id chose_topic_id clicked_campaign_id came_id",
  },
  contact_reviews: {
    purpose: "contactBook",
    keep: "contact",
    relation: "contact_id last_act_at proposed_at approved_at kept_at erasing_at",
    none: "user_id",
  },
  contact_counts: technical("id kind people"),
  // ─── remote sites
  sources: {
    ...technical(
      "id created_at updated_at archived_at access schedule next_at owner_id failures alerted_at gives gives_segment_id gives_fields allow_private default_kind identity applies absent ownership hold_updated hold_emptied hold_rejected hold_fewer hold_created",
    ),
    editorial: "key name url login mapping dialect alert_email networks",
    secret: "sealed_token",
  },
  push_nonces: technical("source_id nonce at"),
  source_secrets: { ...technical("id source_id created_at used_at"), secret: "sealed_secret" },
  external_identities: {
    purpose: "imports",
    keep: "contact",
    identity: "external_id",
    hash: "row_hash text_hash",
    none: "id source_id contact_id seen_at absence_kept",
  },
  refused_identities: { purpose: "imports", keep: "none", hash: "hash", none: "source_id user_id at" },
  remembered_rows: {
    purpose: "imports",
    keep: "contact",
    identity: "first_name last_name phone street postcode city country website locale addresses",
    career: "kind graduation_year organisation_name organisation_siret organisation_id role job_title",
    none: "identity_id said_at",
  },
  remembered_before: {
    purpose: "imports",
    keep: "contact",
    identity: "memory",
    hash: "row_hash",
    none: "run_id identity_id fresh",
  },
  sync_runs: technical(
    "id source_id status origin user_id created_at started_at finished_at rows_read matched to_write created updated unchanged rejected archived notes attempts bytes_read fetched_at charset site_state etag last_modified idempotency_key body_sha256 change_set_id proposal_id held_for reads_id cancelled_at error error_line error_data",
  ),
  change_sets: technical(
    "id kind status user_id created_at created updated fields undo_user_id undone_at position restored removed put_away stale planned written questions archived",
  ),
  changes: {
    purpose: "imports",
    keep: "importErrors",
    identity: "before after key",
    none: "id set_id contact_id sort opposed outcome kept",
  },
  change_decisions: technical("id set_id sort field change_id accepted user_id at"),
  sync_run_errors: {
    purpose: "imports",
    keep: "importErrors",
    mail: "value",
    none: "id run_id line field reason rejected",
  },
  sync_uploads: { ...technical("run_id size"), editorial: "name" },
  sync_chunks: { purpose: "imports", keep: "uploads", mail: "bytes", none: "run_id n" },
  // ─── newsletters
  topics: { ...technical("id legal_basis position"), editorial: "key name description" },
  subscriptions: {
    purpose: "newsletters",
    keep: "contact",
    relation: "contact_id topic_id subscribed_at unsubscribed_at",
    none: "id",
  },
  newsletter_pauses: {
    purpose: "newsletters",
    keep: "contact",
    relation: "contact_id since until",
  },
  click_consents: {
    purpose: "newsletters",
    keep: "contact",
    relation: "contact_id since",
    none: "version",
  },
  reader_clicks: { purpose: "newsletters", keep: "clicks", relation: "contact_id campaign_id on_day" },
  subscription_events: {
    purpose: "proof",
    keep: "none",
    except: { contact_id: "contact", proof: "contact" },
    relation: "contact_id proof",
    none: "id topic_id at change basis via user_id",
  },
  suppressions: {
    purpose: "opposition",
    keep: "none",
    hash: "address_hash",
    relation: "note",
    none: "id topic_id reason created_at lifted_at user_id",
  },
  segments: { ...technical("id created_at updated_at archived_at"), editorial: "name criteria" },
  campaigns: {
    ...technical(
      "id status model topic_id segment_id identity_id author_id version candidates exclusions created_at updated_at scheduled_for launched_at paused_at paused_by_id pause_reason resumed_at missed_at finished_at cancelled_at archived_at",
    ),
    editorial: "name subject preheader blocks issue signature",
  },
  campaign_files: { ...technical("type created_at"), editorial: "name title bytes" },
  campaign_images: { ...technical("type created_at cleaned_at withheld_at"), editorial: "name bytes" },
  contents: {
    purpose: "newsletters",
    keep: "deliveries",
    mail: "subject html text",
    editorial: "links",
    secret: "sealed_secret secret_hash",
    none: "id kind campaign_id topic_id identity_id purpose created_at",
    hash: "in_reply_to refs",
  },
  // ─── letters written by hand
  threads: {
    purpose: "contactBook",
    keep: "contact",
    mail: "subject",
    none: "id assignee_id snoozed_until closed_at last_in_at last_out_at created_at version",
  },
  letters: {
    purpose: "contactBook",
    keep: "contact",
    mail: "subject text message_id refs",
    relation: "contact_id",
    none: "id thread_id at author_id answers_id delivery_id draft_id received_mail_id sureness automatic",
  },
  thread_words: { purpose: "contactBook", keep: "contact", mail: "words", none: "thread_id" },
  thread_notes: { purpose: "contactBook", keep: "contact", mail: "text", none: "id thread_id user_id at" },
  thread_beats: technical("thread_id user_id at"),
  drafts: {
    purpose: "contactBook",
    keep: "account",
    mail: "subject html",
    none: "id author_id identity_id thread_id answers_id version together created_at updated_at sent_at",
  },
  draft_recipients: {
    purpose: "contactBook",
    keep: "account",
    identity: "address",
    relation: "contact_id",
    none: "id draft_id role",
  },
  attachments: {
    purpose: "contactBook",
    keep: "contact",
    mail: "name",
    none: "id draft_id type size digest folder created_at",
  },
  loose_files: technical("id folder digest due_at"),
  attachment_chunks: { purpose: "contactBook", keep: "contact", mail: "bytes", none: "attachment_id n" },
  content_attachments: technical("content_id attachment_id"),
  saved_replies: {
    purpose: "accounts",
    keep: "account",
    account: "title html",
    none: "id user_id shared updated_at",
  },
  letter_signatures: { purpose: "accounts", keep: "account", account: "html", none: "user_id" },
  deliveries: {
    purpose: "newsletters",
    keep: "none",
    except: {
      address: "deliveries",
      variables: "deliveries",
      reply: "deliveries",
      address_hash: "contact",
      contact_id: "contact",
    },
    identity: "address",
    hash: "address_hash",
    mail: "variables reply",
    relation: "contact_id bounced_at bounce replied_at unsubscribed_at complained_at",
    none: "id content_id campaign_id status attempts due_at created_at lease_token lease_until relay_id announced_at unknown_at seen_in_sent_at settled_at reason erased_at generation role sent_as",
  },
  attempts: {
    purpose: "newsletters",
    keep: "none",
    except: { reply: "deliveries" },
    mail: "reply",
    none: "id delivery_id n at relay_id worker_id outcome reason",
  },
  filed_copies: technical("delivery_id path uid_validity uid_next tries due_at filed_at"),
  lookups: technical("delivery_id looks looked_at due_at verdict earlier_id later_id"),
  campaign_totals: technical(
    "campaign_id shard queued sending unknown sent failed skipped hard_bounced soft_bounced replied unsubscribed complained",
  ),
  link_clicks: { purpose: "newsletters", keep: "clicks", none: "campaign_id link on_day clicks" },
  // ─── return path
  received_mails: {
    purpose: "returns",
    keep: "returns",
    except: { raw: "rawMails", contact_id: "contact", digest: "none" },
    mail: "sender subject raw proposed_address",
    relation: "contact_id delivery_id back_on",
    hash: "digest",
    none: "id relay_id uid_validity uid folder received_at class handled_at carries_secret proposal decision decided_by_id",
  },
  corrections: {
    purpose: "contactBook",
    keep: "contact",
    identity: "first_name last_name email phone street postcode city",
    relation: "contact_id note",
    none: "id delivery_id at decided_at decided_by accepted",
  },
  bounces: {
    purpose: "returns",
    keep: "none",
    except: { diagnostic: "returns", recipient: "returns", overturned_why: "returns" },
    mail: "diagnostic recipient overturned_why",
    none: "id delivery_id received_mail_id at class verdict blame status reason proof overturned_at overturned_by_id",
  },
  rejudgements: technical("id status asked_at asked_by_id position mails"),
  rejudged_mails: technical("id rejudgement_id received_mail_id before after outcome removed added"),
  notices: {
    purpose: "returns",
    keep: "notices",
    relation: "kind contact_id data",
    none: "id at seen_at digested_at",
  },
  sandbox_messages: {
    purpose: "service",
    keep: "sandbox",
    identity: "recipient",
    mail: "subject raw",
    none: "id relay_id folder envelope_from received_at message_id carries_secret",
  },
  // ─── tax
  tax_years: {
    ...technical("campaign_year accredited_until goal_cents hourly_cents updated_at"),
    editorial: "uai iban_end uses thanks",
  },
  tax_milestones: {
    ...technical("id campaign_year kind day recorded_at recorded_by superseded_at"),
    editorial: "source",
  },
  company_bases: {
    ...technical(
      "id organisation_id campaign_year kind low_cents high_cents headcount sector recorded_at recorded_by superseded_at",
    ),
    editorial: "source",
  },
  do_not_solicit: {
    ...technical("organisation_id reason recorded_at recorded_by"),
    editorial: "note",
  },
  pledges: {
    purpose: "contactBook",
    keep: "none",
    except: { contact_id: "contact", opened_by: "contact" },
    relation: "contact_id opened_by channel why next_step",
    none: "id campaign_year organisation_id covers target state state_before state_since share expected_low_cents expected_high_cents received_cents source_campaign_id correction_cents unverified allocated_on owner_id next_on version created_at",
  },
  pledge_events: technical("id pledge_id at from_state to_state user_id data"),
  pledge_reminders: technical("pledge_id rule due_on done_at"),
  direct_payments: technical("id organisation_id campaign_year cents means came_on returned_on recorded_by"),
  tax_rates: { ...technical("id key from_month value recorded_at recorded_by"), editorial: "source" },
  tax_verified_years: { ...technical("id pay_year verified recorded_at recorded_by"), editorial: "source" },
  promises: {
    purpose: "contactBook",
    keep: "deliveries",
    identity: "address",
    hash: "address_hash network_hash",
    none: "id campaign_year siret company share solde_cents delivery_id created_at confirmed_at pledge_id generation",
  },
  tax_costs: {
    ...technical("id campaign_year campaign_id minutes cents spent_on recorded_at recorded_by"),
    editorial: "what",
  },
  transfers: technical(
    "id campaign_year number bank_cents value_date label siret bank_file_id version created_at",
  ),
  // What SOLTéA says of employers: companies, no person.
  transfer_lines: technical("id transfer_id file_id row siret name place formation cents fingerprint"),
  transfer_matches: technical("id line_id pledge_id cents level matched_by matched_at undone_by undone_at"),
  transfer_files: {
    ...technical("id kind sha256 cells added known faulty created_at created_by stored_at undone_at"),
    editorial: "name",
  },
  column_mappings: technical("fingerprint columns updated_at"),
  // ─── relays
  relays: {
    ...technical(
      "id kind port security max_connections per_minute per_hour per_day paused_until pause_reason tested_at tried_at probing strikes struck_at spent_until spent_window learned_connections learned_per_minute learned_per_day learned_until warm_up_from warm_up_days warm_up_since authserv_id created_at archived_at",
    ),
    editorial: "name host username",
    secret: "sealed_password",
  },
  mailboxes: {
    ...technical(
      "relay_id port security uid_validity last_uid read_junk read_at error failures due_at lease_token lease_until progress_at",
    ),
    editorial: "host username folder sent_folder more_folders",
    secret: "sealed_password",
  },
  mailbox_folders: technical("relay_id path uid_validity last_uid error"),
  mailbox_listeners: technical("relay_id read_at error failures due_at lease_token lease_until"),
  identities: {
    ...technical("id relay_id is_default created_at archived_at"),
    editorial: "display_name address reply_to",
  },
  identity_fallbacks: technical("identity_id position relay_id"),
  relay_usage: technical("relay_id bucket shard campaign_id domain outcome reason n"),
  relay_domains: technical(
    "relay_id domain per_minute per_hour per_day learned_per_minute slow_until strikes blamed_at throttled throttled_since next_at",
  ),
  relay_slots: technical("relay_id slot worker_id lease_until"),
  relay_oauth: {
    ...technical(
      "relay_id authorize_url token_url scope client_id allow_private expires_at version refreshing_until nonce_until connected_at revoked_at",
    ),
    secret: "sealed_client_secret sealed_refresh_token sealed_access_token nonce",
  },
  sent_folders: technical(
    "relay_id path uid_validity last_uid reading_since files_copies copy_seen_at read_at error failures due_at lease_token lease_until",
  ),
  domain_records: technical("domain found checked_at"),
  dkim_keys: {
    ...technical(
      "id domain selector algorithm public_key active check_result checked_at published_at activated_at retired_at created_at",
    ),
    secret: "sealed_private_key",
  },
  // ─── staff
  users: {
    purpose: "accounts",
    keep: "account",
    account: "email name role locale",
    secret: "password_hash",
    none: "id created_at disabled_at links_since tasks_told_on",
  },
  user_sessions: {
    purpose: "accounts",
    keep: "signIns",
    connection: "user_agent network created_at last_seen_at expires_at revoked_at",
    none: "id user_id",
  },
  user_tokens: {
    purpose: "accounts",
    keep: "signIns",
    secret: "token_hash",
    none: "id purpose user_id created_at expires_at used_at",
  },
  sign_in_failures: {
    purpose: "accounts",
    keep: "signIns",
    hash: "account_hash address_hash",
    connection: "at",
    none: "id",
  },
  sign_in_networks: {
    purpose: "accounts",
    keep: "signIns",
    connection: "network at",
    none: "audit_entry_id",
  },
  audit_entries: {
    purpose: "proof",
    keep: "audit",
    account: "user_id action",
    relation: "data",
    none: "id at subject subject_id",
  },
  // ─── personal data, and the installation
  erasures: { purpose: "proof", keep: "none", none: "id at requested_at why user_id" },
  erasure_hashes: { purpose: "opposition", keep: "none", hash: "hash", none: "erasure_id" },
  retention_rules: technical("rule amount user_id set_at"),
  purge_cursors: technical("rule after_id swept_at"),
  purge_clock: technical("id seen_at held_at"),
  backups: technical("id day host file started_at finished_at bytes rows error drilled_at drill_error"),
  faults: technical("kind subject since ended_at told_at retry_at"),
  installation: technical("id uuid generation beat beat_at timeline key_fingerprint held_at held_why"),
  restores: technical("id why generation backup_at held_at acknowledged_at acknowledged_by oppositions"),
  settings: {
    ...technical(
      "id primary_color accent_color digest_at demo_at updated_at logo_type secrets_bound_at logo_cleaned_at attachments_folder",
    ),
    editorial:
      "name short_name logo public_url postal_address controller dpo_email privacy_url secretariat_email phone publication_director host",
  },
  workers: technical("id hostname pid started_at heartbeat_at stopped_at"),
  _prisma_migrations: technical(
    "id checksum finished_at migration_name logs rolled_back_at started_at applied_steps_count",
  ),
};

export type Entry = { table: string; column: string; category: Category; purpose: Purpose; keep: Keep };

/** The dictionary, one entry a column. */
export function listEntries(): Entry[] {
  return Object.entries(tables).flatMap(([table, { purpose, keep, except = {}, ...named }]) =>
    categories.flatMap((category) =>
      (named[category]?.split(" ") ?? []).map((column) => ({
        table,
        column,
        category,
        purpose,
        keep: category === "none" ? ("none" as const) : (except[column] ?? keep),
      })),
    ),
  );
}
