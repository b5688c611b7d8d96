/** Every sentence of the application: one file a noun and a language. French is the reference; a test holds English to the same keys. */

import en_activities from "./en/activities.json" with { type: "json" };
import en_app from "./en/app.json" with { type: "json" };
import en_audit from "./en/audit.json" with { type: "json" };
import en_bounces from "./en/bounces.json" with { type: "json" };
import en_campaigns from "./en/campaigns.json" with { type: "json" };
import en_contacts from "./en/contacts.json" with { type: "json" };
import en_dashboard from "./en/dashboard.json" with { type: "json" };
import en_deliveries from "./en/deliveries.json" with { type: "json" };
import en_dkim from "./en/dkim.json" with { type: "json" };
import en_errors from "./en/errors.json" with { type: "json" };
import en_help from "./en/help.json" with { type: "json" };
import en_installation from "./en/installation.json" with { type: "json" };
import en_letters from "./en/letters.json" with { type: "json" };
import en_limits from "./en/limits.json" with { type: "json" };
import en_live from "./en/live.json" with { type: "json" };
import en_notices from "./en/notices.json" with { type: "json" };
import en_oauth from "./en/oauth.json" with { type: "json" };
import en_oppositions from "./en/oppositions.json" with { type: "json" };
import en_organisations from "./en/organisations.json" with { type: "json" };
import en_pledges from "./en/pledges.json" with { type: "json" };
import en_privacy from "./en/privacy.json" with { type: "json" };
import en_received from "./en/received.json" with { type: "json" };
import en_relays from "./en/relays.json" with { type: "json" };
import en_sandbox from "./en/sandbox.json" with { type: "json" };
import en_segments from "./en/segments.json" with { type: "json" };
import en_settings from "./en/settings.json" with { type: "json" };
import en_sources from "./en/sources.json" with { type: "json" };
import en_tasks from "./en/tasks.json" with { type: "json" };
import en_tax from "./en/tax.json" with { type: "json" };
import en_transfers from "./en/transfers.json" with { type: "json" };
import en_ui from "./en/ui.json" with { type: "json" };
import en_unsubscribe from "./en/unsubscribe.json" with { type: "json" };
import en_users from "./en/users.json" with { type: "json" };
import fr_activities from "./fr/activities.json" with { type: "json" };
import fr_app from "./fr/app.json" with { type: "json" };
import fr_audit from "./fr/audit.json" with { type: "json" };
import fr_bounces from "./fr/bounces.json" with { type: "json" };
import fr_campaigns from "./fr/campaigns.json" with { type: "json" };
import fr_contacts from "./fr/contacts.json" with { type: "json" };
import fr_dashboard from "./fr/dashboard.json" with { type: "json" };
import fr_deliveries from "./fr/deliveries.json" with { type: "json" };
import fr_dkim from "./fr/dkim.json" with { type: "json" };
import fr_errors from "./fr/errors.json" with { type: "json" };
import fr_help from "./fr/help.json" with { type: "json" };
import fr_installation from "./fr/installation.json" with { type: "json" };
import fr_letters from "./fr/letters.json" with { type: "json" };
import fr_limits from "./fr/limits.json" with { type: "json" };
import fr_live from "./fr/live.json" with { type: "json" };
import fr_notices from "./fr/notices.json" with { type: "json" };
import fr_oauth from "./fr/oauth.json" with { type: "json" };
import fr_oppositions from "./fr/oppositions.json" with { type: "json" };
import fr_organisations from "./fr/organisations.json" with { type: "json" };
import fr_pledges from "./fr/pledges.json" with { type: "json" };
import fr_privacy from "./fr/privacy.json" with { type: "json" };
import fr_received from "./fr/received.json" with { type: "json" };
import fr_relays from "./fr/relays.json" with { type: "json" };
import fr_sandbox from "./fr/sandbox.json" with { type: "json" };
import fr_segments from "./fr/segments.json" with { type: "json" };
import fr_settings from "./fr/settings.json" with { type: "json" };
import fr_sources from "./fr/sources.json" with { type: "json" };
import fr_tasks from "./fr/tasks.json" with { type: "json" };
import fr_tax from "./fr/tax.json" with { type: "json" };
import fr_transfers from "./fr/transfers.json" with { type: "json" };
import fr_ui from "./fr/ui.json" with { type: "json" };
import fr_unsubscribe from "./fr/unsubscribe.json" with { type: "json" };
import fr_users from "./fr/users.json" with { type: "json" };

const fr = {
  app: fr_app,
  errors: fr_errors,
  ui: fr_ui,
  users: fr_users,
  settings: fr_settings,
  tasks: fr_tasks,
  oppositions: fr_oppositions,
  contacts: fr_contacts,
  organisations: fr_organisations,
  sources: fr_sources,
  segments: fr_segments,
  campaigns: fr_campaigns,
  deliveries: fr_deliveries,
  pledges: fr_pledges,
  privacy: fr_privacy,
  relays: fr_relays,
  installation: fr_installation,
  limits: fr_limits,
  letters: fr_letters,
  live: fr_live,
  sandbox: fr_sandbox,
  bounces: fr_bounces,
  received: fr_received,
  unsubscribe: fr_unsubscribe,
  notices: fr_notices,
  oauth: fr_oauth,
  dkim: fr_dkim,
  dashboard: fr_dashboard,
  help: fr_help,
  tax: fr_tax,
  transfers: fr_transfers,
  audit: fr_audit,
  activities: fr_activities,
};

const en: typeof fr = {
  app: en_app,
  errors: en_errors,
  ui: en_ui,
  users: en_users,
  settings: en_settings,
  tasks: en_tasks,
  oppositions: en_oppositions,
  contacts: en_contacts,
  organisations: en_organisations,
  sources: en_sources,
  segments: en_segments,
  campaigns: en_campaigns,
  deliveries: en_deliveries,
  pledges: en_pledges,
  privacy: en_privacy,
  relays: en_relays,
  installation: en_installation,
  limits: en_limits,
  letters: en_letters,
  live: en_live,
  sandbox: en_sandbox,
  bounces: en_bounces,
  received: en_received,
  unsubscribe: en_unsubscribe,
  notices: en_notices,
  oauth: en_oauth,
  dkim: en_dkim,
  dashboard: en_dashboard,
  help: en_help,
  tax: en_tax,
  transfers: en_transfers,
  audit: en_audit,
  activities: en_activities,
};

export const catalogs = { fr, en };
export type Catalog = typeof fr;
