import { getTranslations } from "next-intl/server";
import { handler } from "#lib/gates/handler";
import { exportOutcomes, journalExport } from "#lib/letters/campaigns/outcomes";
import { findCampaign } from "#lib/letters/campaigns/queries";
import { outcomes } from "#lib/letters/campaigns/schema";
import { idOf } from "#lib/machine/asked";
import { csvResponse } from "#lib/machine/csv";

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
