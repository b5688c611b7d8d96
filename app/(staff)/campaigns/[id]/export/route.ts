import { Readable } from "node:stream";
import { getTranslations } from "next-intl/server";
import { recordAudit } from "#lib/audit/mutations";
import { exportOutcomes } from "#lib/campaigns/outcomes";
import { outcomes } from "#lib/campaigns/schema";
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
  await recordAudit({
    userId: user.id,
    action: "campaign.exported",
    subject: "campaign",
    subjectId: Number(id),
    data: { outcome },
  });
  const rows = Readable.from(exportOutcomes(Number(id), outcome, titles));
  return new Response(Readable.toWeb(rows) as ReadableStream<Uint8Array>, {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="campagne-${id}-${outcome}.csv"`,
      "Cache-Control": "no-store",
    },
  });
});
