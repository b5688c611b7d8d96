import { getTranslations } from "next-intl/server";
import { recordAudit } from "#lib/audit/mutations";
import { exportOutcomes } from "#lib/campaigns/outcomes";
import { outcomes } from "#lib/campaigns/schema";
import { csvResponse } from "#lib/csv";
import { handler } from "#lib/handler";

/** The deliveries of a campaign as a file for a spreadsheet, written as it is read. */
export const GET = handler("contacts.export", async (request, user, { id }) => {
  const asked = new URL(request.url).searchParams.get("outcome");
  const outcome = outcomes.find((known) => known === asked) ?? "all";
  if (!/^\d{1,9}$/.test(id ?? "")) return new Response(null, { status: 404 });
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
  return csvResponse(exportOutcomes(Number(id), outcome, titles), {
    filename: `campagne-${id}-${outcome}.csv`,
    failure: (await getTranslations("errors"))("export"),
    journal: (what) =>
      recordAudit({
        userId: user.id,
        action: `campaign.${what}`,
        subject: "campaign",
        subjectId: Number(id),
        data: { outcome },
      }),
  });
});
