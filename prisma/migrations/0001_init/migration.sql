-- What the generated statements below rely on.
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- unaccent() is only STABLE because its dictionary could be replaced; naming the dictionary lets an index use it.
CREATE FUNCTION fold(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS
$$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, value)) $$;


-- CreateEnum
CREATE TYPE "Role" AS ENUM ('administrator', 'secretariat', 'teacher', 'reader');

-- CreateEnum
CREATE TYPE "UserTokenPurpose" AS ENUM ('setup', 'invitation', 'reset');

-- CreateEnum
CREATE TYPE "ContactKind" AS ENUM ('former_src', 'former_pub', 'student_src', 'student_pub', 'professional', 'guest_lecturer', 'associate_lecturer', 'staff');

-- CreateEnum
CREATE TYPE "AddressStanding" AS ENUM ('ok', 'soft', 'hard', 'complaint');

-- CreateEnum
CREATE TYPE "AffiliationRole" AS ENUM ('decision_maker', 'payroll', 'accountant', 'alumnus', 'employee');

-- CreateEnum
CREATE TYPE "SyncRunStatus" AS ENUM ('queued', 'running', 'succeeded', 'failed');

-- CreateEnum
CREATE TYPE "LegalBasis" AS ENUM ('public_task', 'consent', 'professional');

-- CreateEnum
CREATE TYPE "SuppressionReason" AS ENUM ('unsubscribe', 'hard_bounce', 'complaint', 'manual', 'erasure');

-- CreateEnum
CREATE TYPE "CampaignStatus" AS ENUM ('draft', 'scheduled', 'sending', 'paused', 'sent', 'cancelled');

-- CreateEnum
CREATE TYPE "ContentKind" AS ENUM ('campaign', 'test', 'transactional', 'personal');

-- CreateEnum
CREATE TYPE "DeliveryStatus" AS ENUM ('queued', 'sending', 'unknown', 'sent', 'failed', 'skipped');

-- CreateEnum
CREATE TYPE "RelayKind" AS ENUM ('sandbox', 'smtp');

-- CreateEnum
CREATE TYPE "RelaySecurity" AS ENUM ('tls', 'starttls', 'none');

-- CreateTable
CREATE TABLE "users" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" "Role" NOT NULL,
    "password_hash" TEXT,
    "locale" TEXT NOT NULL DEFAULT 'fr',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_sessions" (
    "id" UUID NOT NULL,
    "user_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "user_agent" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "user_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_tokens" (
    "id" SERIAL NOT NULL,
    "purpose" "UserTokenPurpose" NOT NULL,
    "user_id" INTEGER,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "user_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_failures" (
    "id" SERIAL NOT NULL,
    "account_hash" BYTEA NOT NULL,
    "address_hash" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sign_in_failures_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "user_id" INTEGER,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "subject_id" INTEGER,
    "data" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settings" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "name" TEXT NOT NULL DEFAULT 'Services Relation et Communication',
    "short_name" TEXT NOT NULL DEFAULT 'SRC',
    "logo" BYTEA,
    "logo_type" TEXT,
    "primary_color" TEXT NOT NULL DEFAULT '#1f4fd8',
    "accent_color" TEXT NOT NULL DEFAULT '#d6336c',
    "public_url" TEXT,
    "postal_address" TEXT NOT NULL DEFAULT '',
    "controller" TEXT NOT NULL DEFAULT '',
    "dpo_email" TEXT NOT NULL DEFAULT '',
    "privacy_url" TEXT NOT NULL DEFAULT '',
    "secretariat_email" TEXT NOT NULL DEFAULT '',
    "digest_at" TIMESTAMPTZ(3),
    "demo_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contacts" (
    "id" SERIAL NOT NULL,
    "kind" "ContactKind" NOT NULL,
    "first_name" TEXT NOT NULL DEFAULT '',
    "last_name" TEXT NOT NULL,
    "graduation_year" INTEGER,
    "phone" TEXT NOT NULL DEFAULT '',
    "street" TEXT NOT NULL DEFAULT '',
    "postcode" TEXT NOT NULL DEFAULT '',
    "city" TEXT NOT NULL DEFAULT '',
    "country" TEXT NOT NULL DEFAULT 'FR',
    "website" TEXT NOT NULL DEFAULT '',
    "notes" TEXT NOT NULL DEFAULT '',
    "locale" TEXT NOT NULL DEFAULT 'fr',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),
    "sort_name" TEXT COLLATE "C" NOT NULL GENERATED ALWAYS AS (fold(last_name || ' ' || first_name)) STORED,

    CONSTRAINT "contacts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "email_addresses" (
    "id" SERIAL NOT NULL,
    "contact_id" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "address_hash" BYTEA NOT NULL,
    "is_primary" BOOLEAN NOT NULL DEFAULT false,
    "standing" "AddressStanding" NOT NULL DEFAULT 'ok',
    "soft_bounces" INTEGER NOT NULL DEFAULT 0,
    "standing_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "email_addresses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organisations" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "siren" TEXT,
    "siret" TEXT,
    "sector" TEXT NOT NULL DEFAULT '',
    "headcount" INTEGER,
    "phone" TEXT NOT NULL DEFAULT '',
    "email" TEXT NOT NULL DEFAULT '',
    "website" TEXT NOT NULL DEFAULT '',
    "street" TEXT NOT NULL DEFAULT '',
    "postcode" TEXT NOT NULL DEFAULT '',
    "city" TEXT NOT NULL DEFAULT '',
    "country" TEXT NOT NULL DEFAULT 'FR',
    "notes" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),
    "sort_name" TEXT COLLATE "C" NOT NULL GENERATED ALWAYS AS (fold(name)) STORED,

    CONSTRAINT "organisations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "affiliations" (
    "id" SERIAL NOT NULL,
    "contact_id" INTEGER NOT NULL,
    "organisation_id" INTEGER NOT NULL,
    "role" "AffiliationRole" NOT NULL,
    "job_title" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "affiliations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "activities" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "contact_id" INTEGER,
    "organisation_id" INTEGER,
    "campaign_id" INTEGER,
    "user_id" INTEGER,
    "data" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "activities_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sources" (
    "id" SERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT,
    "sealed_token" BYTEA,
    "allow_private" BOOLEAN NOT NULL DEFAULT false,
    "default_kind" "ContactKind" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "sources_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "external_identities" (
    "id" SERIAL NOT NULL,
    "source_id" INTEGER NOT NULL,
    "external_id" TEXT NOT NULL,
    "contact_id" INTEGER NOT NULL,
    "row_hash" BYTEA,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "external_identities_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sync_runs" (
    "id" SERIAL NOT NULL,
    "source_id" INTEGER NOT NULL,
    "status" "SyncRunStatus" NOT NULL DEFAULT 'queued',
    "origin" TEXT NOT NULL,
    "user_id" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "rows_read" INTEGER NOT NULL DEFAULT 0,
    "created" INTEGER NOT NULL DEFAULT 0,
    "updated" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "rejected" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "error_line" INTEGER,
    "error_data" JSONB,

    CONSTRAINT "sync_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sync_run_errors" (
    "id" SERIAL NOT NULL,
    "run_id" INTEGER NOT NULL,
    "line" INTEGER NOT NULL,
    "field" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "value" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "sync_run_errors_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sync_uploads" (
    "run_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "size" INTEGER NOT NULL,

    CONSTRAINT "sync_uploads_pkey" PRIMARY KEY ("run_id")
);

-- CreateTable
CREATE TABLE "sync_upload_chunks" (
    "run_id" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "sync_upload_chunks_pkey" PRIMARY KEY ("run_id","n")
);

-- CreateTable
CREATE TABLE "topics" (
    "id" SERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "legal_basis" "LegalBasis" NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "topics_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscriptions" (
    "id" SERIAL NOT NULL,
    "contact_id" INTEGER NOT NULL,
    "topic_id" INTEGER NOT NULL,
    "subscribed_at" TIMESTAMPTZ(3),
    "unsubscribed_at" TIMESTAMPTZ(3),

    CONSTRAINT "subscriptions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscription_events" (
    "id" SERIAL NOT NULL,
    "contact_id" INTEGER,
    "topic_id" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "change" TEXT NOT NULL,
    "basis" "LegalBasis",
    "via" TEXT NOT NULL,
    "proof" JSONB NOT NULL DEFAULT '{}',
    "user_id" INTEGER,

    CONSTRAINT "subscription_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "suppressions" (
    "id" SERIAL NOT NULL,
    "address_hash" BYTEA NOT NULL,
    "topic_id" INTEGER,
    "reason" "SuppressionReason" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lifted_at" TIMESTAMPTZ(3),

    CONSTRAINT "suppressions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "segments" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "criteria" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "segments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaigns" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "status" "CampaignStatus" NOT NULL DEFAULT 'draft',
    "model" TEXT NOT NULL,
    "topic_id" INTEGER NOT NULL,
    "segment_id" INTEGER,
    "identity_id" INTEGER,
    "subject" TEXT NOT NULL DEFAULT '',
    "preheader" TEXT NOT NULL DEFAULT '',
    "blocks" JSONB NOT NULL DEFAULT '[]',
    "author_id" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "scheduled_for" TIMESTAMPTZ(3),
    "launched_at" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "pause_reason" TEXT,
    "finished_at" TIMESTAMPTZ(3),
    "cancelled_at" TIMESTAMPTZ(3),
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "campaigns_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contents" (
    "id" SERIAL NOT NULL,
    "kind" "ContentKind" NOT NULL,
    "campaign_id" INTEGER,
    "topic_id" INTEGER,
    "identity_id" INTEGER NOT NULL,
    "subject" TEXT NOT NULL,
    "html" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "links" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deliveries" (
    "id" SERIAL NOT NULL,
    "content_id" INTEGER NOT NULL,
    "campaign_id" INTEGER,
    "contact_id" INTEGER,
    "address" TEXT NOT NULL,
    "address_hash" BYTEA NOT NULL,
    "status" "DeliveryStatus" NOT NULL DEFAULT 'queued',
    "variables" JSONB NOT NULL DEFAULT '{}',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_token" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "relay_id" INTEGER,
    "settled_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "reply" TEXT,
    "bounced_at" TIMESTAMPTZ(3),
    "bounce" TEXT,
    "replied_at" TIMESTAMPTZ(3),
    "unsubscribed_at" TIMESTAMPTZ(3),
    "complained_at" TIMESTAMPTZ(3),

    CONSTRAINT "deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempts" (
    "id" SERIAL NOT NULL,
    "delivery_id" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "relay_id" INTEGER,
    "worker_id" UUID,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "reply" TEXT,

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign_totals" (
    "campaign_id" INTEGER NOT NULL,
    "shard" INTEGER NOT NULL,
    "queued" INTEGER NOT NULL DEFAULT 0,
    "sending" INTEGER NOT NULL DEFAULT 0,
    "unknown" INTEGER NOT NULL DEFAULT 0,
    "sent" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "hard_bounced" INTEGER NOT NULL DEFAULT 0,
    "soft_bounced" INTEGER NOT NULL DEFAULT 0,
    "replied" INTEGER NOT NULL DEFAULT 0,
    "unsubscribed" INTEGER NOT NULL DEFAULT 0,
    "complained" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "campaign_totals_pkey" PRIMARY KEY ("campaign_id","shard")
);

-- CreateTable
CREATE TABLE "link_clicks" (
    "campaign_id" INTEGER NOT NULL,
    "link" INTEGER NOT NULL,
    "on_day" DATE NOT NULL,
    "clicks" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "link_clicks_pkey" PRIMARY KEY ("campaign_id","link","on_day")
);

-- CreateTable
CREATE TABLE "relays" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "RelayKind" NOT NULL,
    "host" TEXT NOT NULL DEFAULT '',
    "port" INTEGER NOT NULL DEFAULT 587,
    "security" "RelaySecurity" NOT NULL DEFAULT 'starttls',
    "username" TEXT NOT NULL DEFAULT '',
    "sealed_password" BYTEA,
    "max_connections" INTEGER NOT NULL DEFAULT 2,
    "per_minute" INTEGER,
    "per_hour" INTEGER,
    "per_day" INTEGER,
    "paused_until" TIMESTAMPTZ(3),
    "pause_reason" TEXT,
    "imap_host" TEXT NOT NULL DEFAULT '',
    "imap_port" INTEGER NOT NULL DEFAULT 993,
    "imap_security" "RelaySecurity" NOT NULL DEFAULT 'tls',
    "imap_username" TEXT NOT NULL DEFAULT '',
    "sealed_imap_password" BYTEA,
    "imap_folder" TEXT NOT NULL DEFAULT 'INBOX',
    "imap_uid_validity" BIGINT,
    "imap_last_uid" INTEGER NOT NULL DEFAULT 0,
    "imap_polled_at" TIMESTAMPTZ(3),
    "imap_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "relays_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identities" (
    "id" SERIAL NOT NULL,
    "relay_id" INTEGER NOT NULL,
    "display_name" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "reply_to" TEXT NOT NULL DEFAULT '',
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "identities_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "relay_usage" (
    "relay_id" INTEGER NOT NULL,
    "bucket" TIMESTAMPTZ(0) NOT NULL,
    "sent" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "relay_usage_pkey" PRIMARY KEY ("relay_id","bucket")
);

-- CreateTable
CREATE TABLE "workers" (
    "id" UUID NOT NULL,
    "hostname" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "stopped_at" TIMESTAMPTZ(3),

    CONSTRAINT "workers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sandbox_messages" (
    "id" SERIAL NOT NULL,
    "relay_id" INTEGER NOT NULL,
    "folder" TEXT NOT NULL,
    "envelope_from" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "raw" BYTEA NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sandbox_messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "received_mails" (
    "id" SERIAL NOT NULL,
    "relay_id" INTEGER NOT NULL,
    "digest" BYTEA NOT NULL,
    "uid_validity" BIGINT,
    "uid" INTEGER NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "class" TEXT NOT NULL,
    "sender" TEXT NOT NULL DEFAULT '',
    "subject" TEXT NOT NULL DEFAULT '',
    "raw" BYTEA NOT NULL,
    "delivery_id" INTEGER,
    "contact_id" INTEGER,
    "handled_at" TIMESTAMPTZ(3),

    CONSTRAINT "received_mails_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bounces" (
    "id" SERIAL NOT NULL,
    "delivery_id" INTEGER,
    "received_mail_id" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "class" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "blame" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT '',
    "reason" TEXT NOT NULL DEFAULT '',
    "diagnostic" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "bounces_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notices" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "contact_id" INTEGER,
    "data" JSONB NOT NULL DEFAULT '{}',
    "seen_at" TIMESTAMPTZ(3),
    "digested_at" TIMESTAMPTZ(3),

    CONSTRAINT "notices_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "user_sessions_user_id_idx" ON "user_sessions"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "user_tokens_token_hash_key" ON "user_tokens"("token_hash");

-- CreateIndex
CREATE INDEX "user_tokens_user_id_idx" ON "user_tokens"("user_id");

-- CreateIndex
CREATE INDEX "sign_in_failures_account_hash_at_idx" ON "sign_in_failures"("account_hash", "at");

-- CreateIndex
CREATE INDEX "sign_in_failures_address_hash_at_idx" ON "sign_in_failures"("address_hash", "at");

-- CreateIndex
CREATE INDEX "audit_entries_at_id_idx" ON "audit_entries"("at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_entries_subject_subject_id_id_idx" ON "audit_entries"("subject", "subject_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "email_addresses_address_key" ON "email_addresses"("address");

-- CreateIndex
CREATE INDEX "email_addresses_contact_id_idx" ON "email_addresses"("contact_id");

-- CreateIndex
CREATE INDEX "email_addresses_address_hash_idx" ON "email_addresses"("address_hash");

-- CreateIndex
CREATE UNIQUE INDEX "organisations_siret_key" ON "organisations"("siret");

-- CreateIndex
CREATE INDEX "affiliations_organisation_id_idx" ON "affiliations"("organisation_id");

-- CreateIndex
CREATE UNIQUE INDEX "affiliations_contact_id_organisation_id_role_key" ON "affiliations"("contact_id", "organisation_id", "role");

-- CreateIndex
CREATE INDEX "activities_contact_id_at_id_idx" ON "activities"("contact_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "activities_organisation_id_at_id_idx" ON "activities"("organisation_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "activities_at_id_idx" ON "activities"("at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "sources_key_key" ON "sources"("key");

-- CreateIndex
CREATE INDEX "external_identities_contact_id_idx" ON "external_identities"("contact_id");

-- CreateIndex
CREATE UNIQUE INDEX "external_identities_source_id_external_id_key" ON "external_identities"("source_id", "external_id");

-- CreateIndex
CREATE INDEX "sync_runs_source_id_id_idx" ON "sync_runs"("source_id", "id" DESC);

-- CreateIndex
CREATE INDEX "sync_run_errors_run_id_id_idx" ON "sync_run_errors"("run_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "topics_key_key" ON "topics"("key");

-- CreateIndex
CREATE INDEX "subscriptions_topic_id_subscribed_at_idx" ON "subscriptions"("topic_id", "subscribed_at");

-- CreateIndex
CREATE UNIQUE INDEX "subscriptions_contact_id_topic_id_key" ON "subscriptions"("contact_id", "topic_id");

-- CreateIndex
CREATE INDEX "subscription_events_contact_id_id_idx" ON "subscription_events"("contact_id", "id");

-- CreateIndex
CREATE INDEX "suppressions_address_hash_idx" ON "suppressions"("address_hash");

-- CreateIndex
CREATE INDEX "campaigns_status_idx" ON "campaigns"("status");

-- CreateIndex
CREATE INDEX "campaigns_created_at_id_idx" ON "campaigns"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "contents_campaign_id_idx" ON "contents"("campaign_id");

-- CreateIndex
CREATE INDEX "deliveries_contact_id_id_idx" ON "deliveries"("contact_id", "id" DESC);

-- CreateIndex
CREATE INDEX "deliveries_campaign_id_status_id_idx" ON "deliveries"("campaign_id", "status", "id");

-- CreateIndex
CREATE UNIQUE INDEX "deliveries_campaign_id_address_key" ON "deliveries"("campaign_id", "address");

-- CreateIndex
CREATE INDEX "attempts_delivery_id_id_idx" ON "attempts"("delivery_id", "id");

-- CreateIndex
CREATE INDEX "identities_relay_id_idx" ON "identities"("relay_id");

-- CreateIndex
CREATE INDEX "sandbox_messages_relay_id_folder_id_idx" ON "sandbox_messages"("relay_id", "folder", "id");

-- CreateIndex
CREATE INDEX "received_mails_contact_id_received_at_idx" ON "received_mails"("contact_id", "received_at" DESC);

-- CreateIndex
CREATE INDEX "received_mails_class_received_at_id_idx" ON "received_mails"("class", "received_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "received_mails_relay_id_digest_key" ON "received_mails"("relay_id", "digest");

-- CreateIndex
CREATE INDEX "bounces_delivery_id_idx" ON "bounces"("delivery_id");

-- CreateIndex
CREATE INDEX "bounces_at_id_idx" ON "bounces"("at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "notices_at_id_idx" ON "notices"("at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "user_sessions" ADD CONSTRAINT "user_sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_tokens" ADD CONSTRAINT "user_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "email_addresses" ADD CONSTRAINT "email_addresses_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "affiliations" ADD CONSTRAINT "affiliations_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "affiliations" ADD CONSTRAINT "affiliations_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activities" ADD CONSTRAINT "activities_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activities" ADD CONSTRAINT "activities_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activities" ADD CONSTRAINT "activities_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activities" ADD CONSTRAINT "activities_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "external_identities" ADD CONSTRAINT "external_identities_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "external_identities" ADD CONSTRAINT "external_identities_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_runs" ADD CONSTRAINT "sync_runs_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_runs" ADD CONSTRAINT "sync_runs_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_run_errors" ADD CONSTRAINT "sync_run_errors_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "sync_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_uploads" ADD CONSTRAINT "sync_uploads_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "sync_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_upload_chunks" ADD CONSTRAINT "sync_upload_chunks_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "sync_uploads"("run_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_topic_id_fkey" FOREIGN KEY ("topic_id") REFERENCES "topics"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "suppressions" ADD CONSTRAINT "suppressions_topic_id_fkey" FOREIGN KEY ("topic_id") REFERENCES "topics"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_topic_id_fkey" FOREIGN KEY ("topic_id") REFERENCES "topics"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_segment_id_fkey" FOREIGN KEY ("segment_id") REFERENCES "segments"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "identities"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contents" ADD CONSTRAINT "contents_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contents" ADD CONSTRAINT "contents_topic_id_fkey" FOREIGN KEY ("topic_id") REFERENCES "topics"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contents" ADD CONSTRAINT "contents_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "identities"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_content_id_fkey" FOREIGN KEY ("content_id") REFERENCES "contents"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_relay_id_fkey" FOREIGN KEY ("relay_id") REFERENCES "relays"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "deliveries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_totals" ADD CONSTRAINT "campaign_totals_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link_clicks" ADD CONSTRAINT "link_clicks_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identities" ADD CONSTRAINT "identities_relay_id_fkey" FOREIGN KEY ("relay_id") REFERENCES "relays"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "relay_usage" ADD CONSTRAINT "relay_usage_relay_id_fkey" FOREIGN KEY ("relay_id") REFERENCES "relays"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sandbox_messages" ADD CONSTRAINT "sandbox_messages_relay_id_fkey" FOREIGN KEY ("relay_id") REFERENCES "relays"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "received_mails" ADD CONSTRAINT "received_mails_relay_id_fkey" FOREIGN KEY ("relay_id") REFERENCES "relays"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "received_mails" ADD CONSTRAINT "received_mails_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "deliveries"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "received_mails" ADD CONSTRAINT "received_mails_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bounces" ADD CONSTRAINT "bounces_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "deliveries"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bounces" ADD CONSTRAINT "bounces_received_mail_id_fkey" FOREIGN KEY ("received_mail_id") REFERENCES "received_mails"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notices" ADD CONSTRAINT "notices_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ───── What Prisma cannot say: checks, partial indexes, triggers, first rows

ALTER TABLE settings
  ADD CONSTRAINT settings_single CHECK (id = 1),
  ADD CONSTRAINT settings_colors CHECK (primary_color ~ '^#[0-9a-f]{6}$' AND accent_color ~ '^#[0-9a-f]{6}$');
ALTER TABLE users ADD CONSTRAINT users_email_folded CHECK (email = lower(email) AND email LIKE '%_@_%');
ALTER TABLE user_tokens ADD CONSTRAINT user_tokens_user CHECK (purpose = 'setup' OR user_id IS NOT NULL);

ALTER TABLE contacts
  ADD CONSTRAINT contacts_named CHECK (btrim(last_name) <> ''),
  ADD CONSTRAINT contacts_year CHECK (graduation_year BETWEEN 1950 AND 2100),
  ADD CONSTRAINT contacts_locale CHECK (locale IN ('fr', 'en'));
CREATE INDEX contacts_by_name ON contacts (sort_name, id) WHERE archived_at IS NULL;
CREATE INDEX contacts_by_kind ON contacts (kind, sort_name, id) WHERE archived_at IS NULL;
CREATE INDEX contacts_by_creation ON contacts (created_at DESC, id DESC) WHERE archived_at IS NULL;
CREATE INDEX contacts_by_year ON contacts (graduation_year DESC NULLS LAST, sort_name, id) WHERE archived_at IS NULL;
CREATE INDEX contacts_archived ON contacts (sort_name, id) WHERE archived_at IS NOT NULL;
CREATE INDEX contacts_search ON contacts USING gin (sort_name gin_trgm_ops);

ALTER TABLE email_addresses
  ADD CONSTRAINT email_addresses_folded CHECK (address = lower(address) AND address ~ '^[^@\s]+@[^@\s]+$' AND length(address) <= 254),
  ADD CONSTRAINT email_addresses_hash CHECK (octet_length(address_hash) = 32);
CREATE UNIQUE INDEX email_addresses_one_primary ON email_addresses (contact_id) WHERE is_primary;
CREATE INDEX email_addresses_search ON email_addresses USING gin (address gin_trgm_ops);
CREATE INDEX email_addresses_trouble ON email_addresses (standing, standing_at DESC) WHERE standing <> 'ok';

ALTER TABLE organisations
  ADD CONSTRAINT organisations_named CHECK (btrim(name) <> ''),
  ADD CONSTRAINT organisations_siren CHECK (siren ~ '^\d{9}$'),
  ADD CONSTRAINT organisations_siret CHECK (siret ~ '^\d{14}$' AND siren IS NOT NULL AND left(siret, 9) = siren),
  ADD CONSTRAINT organisations_headcount CHECK (headcount >= 0);
CREATE INDEX organisations_by_name ON organisations (sort_name, id) WHERE archived_at IS NULL;
CREATE INDEX organisations_archived ON organisations (sort_name, id) WHERE archived_at IS NOT NULL;
CREATE INDEX organisations_search ON organisations USING gin (sort_name gin_trgm_ops);

ALTER TABLE sources ADD CONSTRAINT sources_key CHECK (key ~ '^[a-z0-9][a-z0-9-]*$');
ALTER TABLE sync_runs
  ADD CONSTRAINT sync_runs_origin CHECK (origin IN ('pull', 'upload', 'command')),
  ADD CONSTRAINT sync_runs_finished CHECK ((status IN ('succeeded', 'failed')) = (finished_at IS NOT NULL));
-- Two clicks on « Synchroniser » make one run.
CREATE UNIQUE INDEX sync_runs_one_at_a_time ON sync_runs (source_id) WHERE status IN ('queued', 'running');

ALTER TABLE subscriptions ADD CONSTRAINT subscriptions_decided CHECK (subscribed_at IS NOT NULL OR unsubscribed_at IS NOT NULL);
ALTER TABLE subscription_events
  ADD CONSTRAINT subscription_events_change CHECK (change IN ('subscribed', 'unsubscribed')),
  ADD CONSTRAINT subscription_events_via CHECK (via IN ('import', 'staff', 'page', 'one_click', 'mailto', 'undo', 'complaint'));
ALTER TABLE suppressions ADD CONSTRAINT suppressions_hash CHECK (octet_length(address_hash) = 32);
CREATE UNIQUE INDEX suppressions_active ON suppressions (address_hash, topic_id) NULLS NOT DISTINCT WHERE lifted_at IS NULL;

ALTER TABLE campaigns
  ADD CONSTRAINT campaigns_model CHECK (model IN ('src', '4media', 'taxe')),
  ADD CONSTRAINT campaigns_ready CHECK (status IN ('draft', 'cancelled') OR (segment_id IS NOT NULL AND identity_id IS NOT NULL AND subject <> '')),
  ADD CONSTRAINT campaigns_scheduled CHECK (status <> 'scheduled' OR scheduled_for IS NOT NULL),
  ADD CONSTRAINT campaigns_launched CHECK (status NOT IN ('sending', 'paused', 'sent') OR launched_at IS NOT NULL);
CREATE INDEX campaigns_due ON campaigns (scheduled_for) WHERE status = 'scheduled';

ALTER TABLE contents ADD CONSTRAINT contents_campaign CHECK (kind <> 'campaign' OR (campaign_id IS NOT NULL AND topic_id IS NOT NULL));
-- A campaign is frozen once.
CREATE UNIQUE INDEX contents_one_per_campaign ON contents (campaign_id) WHERE kind = 'campaign';

ALTER TABLE deliveries
  ADD CONSTRAINT deliveries_hash CHECK (octet_length(address_hash) = 32),
  ADD CONSTRAINT deliveries_lease CHECK ((lease_token IS NULL) = (lease_until IS NULL)),
  ADD CONSTRAINT deliveries_sending CHECK (status <> 'sending' OR (lease_token IS NOT NULL AND relay_id IS NOT NULL)),
  ADD CONSTRAINT deliveries_settled CHECK ((status IN ('sent', 'failed', 'skipped')) = (settled_at IS NOT NULL)),
  ADD CONSTRAINT deliveries_reason CHECK (status NOT IN ('failed', 'skipped') OR reason IS NOT NULL),
  ADD CONSTRAINT deliveries_bounce CHECK (bounce IN ('hard', 'soft', 'unknown'));
-- The queue: these four hold only what is not settled, so ten million old deliveries cost them nothing.
CREATE INDEX deliveries_queue ON deliveries (content_id, due_at, id) WHERE status = 'queued';
CREATE INDEX deliveries_letters ON deliveries (due_at, id) WHERE status = 'queued' AND campaign_id IS NULL;
CREATE INDEX deliveries_leased ON deliveries (relay_id, lease_until) WHERE status IN ('queued', 'sending') AND lease_until IS NOT NULL;
CREATE INDEX deliveries_unknown ON deliveries (campaign_id, id) WHERE status = 'unknown';
CREATE INDEX deliveries_bounced ON deliveries (campaign_id, id) WHERE bounced_at IS NOT NULL;

ALTER TABLE attempts ADD CONSTRAINT attempts_outcome CHECK (outcome IN ('sent', 'postponed', 'failed', 'unknown', 'requeued', 'skipped'));

ALTER TABLE relays
  ADD CONSTRAINT relays_port CHECK (port BETWEEN 1 AND 65535 AND imap_port BETWEEN 1 AND 65535),
  ADD CONSTRAINT relays_limits CHECK (max_connections BETWEEN 1 AND 50 AND per_minute > 0 AND per_hour > 0 AND per_day > 0),
  ADD CONSTRAINT relays_host CHECK (kind = 'sandbox' OR host <> '');
CREATE UNIQUE INDEX relays_one_sandbox ON relays (kind) WHERE kind = 'sandbox' AND archived_at IS NULL;
CREATE UNIQUE INDEX identities_one_default ON identities (is_default) WHERE is_default AND archived_at IS NULL;
ALTER TABLE sandbox_messages ADD CONSTRAINT sandbox_messages_folder CHECK (folder IN ('sent', 'inbox'));

ALTER TABLE received_mails
  ADD CONSTRAINT received_mails_class CHECK (class IN ('bounce', 'complaint', 'auto-reply', 'reply', 'report', 'other')),
  ADD CONSTRAINT received_mails_digest CHECK (octet_length(digest) = 32);
CREATE INDEX received_mails_unhandled ON received_mails (received_at DESC, id DESC) WHERE class = 'reply' AND handled_at IS NULL;
ALTER TABLE bounces
  ADD CONSTRAINT bounces_class CHECK (class IN ('bounce', 'complaint', 'refusal')),
  ADD CONSTRAINT bounces_verdict CHECK (verdict IN ('hard', 'soft', 'unknown')),
  ADD CONSTRAINT bounces_blame CHECK (blame IN ('recipient', 'sender', 'content', 'network', 'unknown'));
CREATE INDEX notices_unseen ON notices (at DESC, id DESC) WHERE seen_at IS NULL;
CREATE INDEX notices_undigested ON notices (at) WHERE digested_at IS NULL;

-- History is written once.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER subscription_events_append_only BEFORE UPDATE OR DELETE ON subscription_events FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The counters of a campaign follow its deliveries inside the same statement, so a screen that reads them reads the queue.
CREATE FUNCTION count_new_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO campaign_totals AS t (campaign_id, shard, queued, sending, unknown, sent, failed, skipped, hard_bounced, soft_bounced, replied, unsubscribed, complained)
  SELECT campaign_id, pg_backend_pid() % 8, queued, sending, unknown, sent, failed, skipped, hard_bounced, soft_bounced, replied, unsubscribed, complained FROM (
    SELECT campaign_id,
           sum(n * ((status = 'queued'))::int) AS queued,
           sum(n * ((status = 'sending'))::int) AS sending,
           sum(n * ((status = 'unknown'))::int) AS unknown,
           sum(n * ((status = 'sent'))::int) AS sent,
           sum(n * ((status = 'failed'))::int) AS failed,
           sum(n * ((status = 'skipped'))::int) AS skipped,
           sum(n * ((bounce IS NOT DISTINCT FROM 'hard'))::int) AS hard_bounced,
           sum(n * ((bounce IN ('soft', 'unknown')) IS TRUE)::int) AS soft_bounced,
           sum(n * ((replied_at IS NOT NULL))::int) AS replied,
           sum(n * ((unsubscribed_at IS NOT NULL))::int) AS unsubscribed,
           sum(n * ((complained_at IS NOT NULL))::int) AS complained
    FROM (SELECT 1 AS n, * FROM new_rows) changed
    WHERE campaign_id IS NOT NULL
    GROUP BY campaign_id
  ) delta
  WHERE queued <> 0 OR sending <> 0 OR unknown <> 0 OR sent <> 0 OR failed <> 0 OR skipped <> 0 OR hard_bounced <> 0 OR soft_bounced <> 0 OR replied <> 0 OR unsubscribed <> 0 OR complained <> 0
  ORDER BY campaign_id
  ON CONFLICT (campaign_id, shard) DO UPDATE SET
    queued = t.queued + excluded.queued,
    sending = t.sending + excluded.sending,
    unknown = t.unknown + excluded.unknown,
    sent = t.sent + excluded.sent,
    failed = t.failed + excluded.failed,
    skipped = t.skipped + excluded.skipped,
    hard_bounced = t.hard_bounced + excluded.hard_bounced,
    soft_bounced = t.soft_bounced + excluded.soft_bounced,
    replied = t.replied + excluded.replied,
    unsubscribed = t.unsubscribed + excluded.unsubscribed,
    complained = t.complained + excluded.complained;
  RETURN NULL;
END $$;
CREATE FUNCTION count_changed_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO campaign_totals AS t (campaign_id, shard, queued, sending, unknown, sent, failed, skipped, hard_bounced, soft_bounced, replied, unsubscribed, complained)
  SELECT campaign_id, pg_backend_pid() % 8, queued, sending, unknown, sent, failed, skipped, hard_bounced, soft_bounced, replied, unsubscribed, complained FROM (
    SELECT campaign_id,
           sum(n * ((status = 'queued'))::int) AS queued,
           sum(n * ((status = 'sending'))::int) AS sending,
           sum(n * ((status = 'unknown'))::int) AS unknown,
           sum(n * ((status = 'sent'))::int) AS sent,
           sum(n * ((status = 'failed'))::int) AS failed,
           sum(n * ((status = 'skipped'))::int) AS skipped,
           sum(n * ((bounce IS NOT DISTINCT FROM 'hard'))::int) AS hard_bounced,
           sum(n * ((bounce IN ('soft', 'unknown')) IS TRUE)::int) AS soft_bounced,
           sum(n * ((replied_at IS NOT NULL))::int) AS replied,
           sum(n * ((unsubscribed_at IS NOT NULL))::int) AS unsubscribed,
           sum(n * ((complained_at IS NOT NULL))::int) AS complained
    FROM (SELECT 1 AS n, * FROM new_rows
      UNION ALL SELECT -1 AS n, * FROM old_rows) changed
    WHERE campaign_id IS NOT NULL
    GROUP BY campaign_id
  ) delta
  WHERE queued <> 0 OR sending <> 0 OR unknown <> 0 OR sent <> 0 OR failed <> 0 OR skipped <> 0 OR hard_bounced <> 0 OR soft_bounced <> 0 OR replied <> 0 OR unsubscribed <> 0 OR complained <> 0
  ORDER BY campaign_id
  ON CONFLICT (campaign_id, shard) DO UPDATE SET
    queued = t.queued + excluded.queued,
    sending = t.sending + excluded.sending,
    unknown = t.unknown + excluded.unknown,
    sent = t.sent + excluded.sent,
    failed = t.failed + excluded.failed,
    skipped = t.skipped + excluded.skipped,
    hard_bounced = t.hard_bounced + excluded.hard_bounced,
    soft_bounced = t.soft_bounced + excluded.soft_bounced,
    replied = t.replied + excluded.replied,
    unsubscribed = t.unsubscribed + excluded.unsubscribed,
    complained = t.complained + excluded.complained;
  RETURN NULL;
END $$;
CREATE TRIGGER deliveries_counted_new AFTER INSERT ON deliveries REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_new_deliveries();
CREATE TRIGGER deliveries_counted_changed AFTER UPDATE ON deliveries REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_changed_deliveries();

-- Deliveries are only deleted with their campaign (and then its totals go too), so there is no trigger for it.

-- First rows: without them the first screen could not open.
INSERT INTO settings (id) VALUES (1);
INSERT INTO topics (key, name, description, legal_basis, position) VALUES
  ('src', 'Lettre SRC', 'Les nouvelles du département et de ses anciens', 'public_task', 1),
  ('4media', '4média', 'Le magazine des étudiants', 'public_task', 2),
  ('taxe', 'Taxe d’apprentissage', 'La campagne annuelle auprès des entreprises', 'professional', 3);
WITH sandbox AS (INSERT INTO relays (name, kind) VALUES ('Bac à sable', 'sandbox') RETURNING id)
INSERT INTO identities (relay_id, display_name, address, is_default)
SELECT id, 'Services Relation et Communication', 'newsletter@src.example', true FROM sandbox;
