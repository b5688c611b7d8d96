import { getTranslations } from "next-intl/server";
import { idOf } from "#lib/asked";
import { exportOutcomes, journalExport } from "#lib/campaigns/outcomes";
import { findCampaign } from "#lib/campaigns/queries";
import { outcomes } from "#lib/campaigns/schema";
import { csvResponse } from "#lib/csv";
import { handler } from "#lib/handler";

/** The deliveries of a campaign as a file for a spreadsheet, written as it is read. */
export const GET = handler("contacts.export", async (request, user, params) => {
  const asked = new URL(request.url).searchParams.get("outcome");
  const outcome = outcomes.find((known) => known === asked) ?? "all";
  const id = idOf(params.id);
  if (!id || !(await findCampaign(id))) return new Response(null, { status: 404 });
  const t = await getTranslations("campaigns.list.csv");
  const titles = {
    address: t("address"),
    name: t("name"),
    status: t("status"),
    reason: t("reason"),
    reply: t("reply"),
    attempts: t("attempts"),
    settledAt: t("settledAt"),
    bounce: t("bounce"),
    bouncedAt: t("bouncedAt"),
    repliedAt: t("repliedAt"),
    unsubscribedAt: t("unsubscribedAt"),
  };
  return csvResponse(exportOutcomes(id, outcome, titles), {
    filename: `campagne-${id}-${outcome}.csv`,
    failure: (await getTranslations("errors"))("export"),
    journal: journalExport(id, outcome, user.id),
  });
});
