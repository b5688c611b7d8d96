import { getTranslations } from "next-intl/server";
import { getPublicUrl } from "#lib/department/settings/public-address";
import { gate } from "#lib/gates/session";
import { listBackups, listFoldersOutside } from "#lib/machine/backups/queries";
import {
  type Decidable,
  getInstallation,
  type InstallationState,
  listAccountsRead,
  listDecidable,
} from "#lib/office/restores/queries";
import { metricsToken } from "#lib/office/watch/metrics";
import { listKnownFaults } from "#lib/office/watch/queries";
import { PageHeader } from "#ui/page-header";
import { Accounts } from "./accounts";
import { Backups } from "./backups";
import { Facts } from "./facts";
import { Held } from "./held";
import { Waiting } from "./waiting";
import { Watch } from "./watch";

/** The machine room in plain words: whether anything is held, what waits for a decision, and how old the backups are. */
export default async function InstallationPage() {
  const user = await gate("installation.manage", "/installation");
  const [t, state] = [await getTranslations("installation"), await getInstallation()];
  const campaigns = await listDecidable(state);
  const concerned = state.heldWhy !== null || campaigns.length > 0;
  const accounts = concerned ? await listAccountsRead() : [];
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      <div className="flex flex-col gap-5">
        <Decision state={state} campaigns={campaigns} locale={user.locale} />
        {concerned && <Accounts rows={accounts} locale={user.locale} held={state.heldWhy !== null} />}
        <Watch
          faults={await listKnownFaults()}
          metrics={{ url: `${await getPublicUrl()}/api/metrics`, token: metricsToken() }}
          locale={user.locale}
        />
        <Backups rows={await listBackups()} outside={await listFoldersOutside()} locale={user.locale} />
        <Facts state={state} locale={user.locale} />
      </div>
    </>
  );
}

type Props = { state: InstallationState; campaigns: Decidable[]; locale: string };

function Decision({ state, campaigns, locale }: Props) {
  if (state.heldWhy) return <Held state={state} campaigns={campaigns} locale={locale} />;
  return campaigns.length > 0 ? <Waiting campaigns={campaigns} locale={locale} /> : null;
}
