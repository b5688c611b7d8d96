import { getTranslations } from "next-intl/server";
import { handler } from "#lib/gates/handler";
import { wallClock } from "#lib/machine/paris";
import { workbookResponse } from "#lib/machine/sheets/write";
import { journalExport } from "#lib/tax/pledges/export";
import { listGifts } from "#lib/tax/pledges/thanks";
import { campaignOf } from "../../campaign.ts";

/** Whom to thank and whom we thanked, with where to write to them. */
export const GET = handler("tax.export", async (request, user) => {
  const { year } = await campaignOf(Object.fromEntries(new URL(request.url).searchParams));
  const t = await getTranslations("pledges.thanks");
  const columns = [
    "company",
    "person",
    "email",
    "street",
    "postcode",
    "city",
    "amount",
    "thankedOn",
  ] as const;
  return workbookResponse(
    async () => ({
      name: t("sheet", { year: String(year) }),
      headings: columns.map((key) => t(`columns.${key}`)),
      widths: [34, 26, 30, 30, 12, 20, 14, 14],
      rows: (await listGifts(year)).map((gift) => [
        gift.company,
        gift.person,
        gift.email,
        gift.street,
        gift.postcode,
        gift.city,
        { cents: BigInt(gift.receivedCents) },
        { day: gift.thanked ? wallClock(gift.since).slice(0, 10) : null },
      ]),
    }),
    {
      filename: `${t("filename")}-${year}.xlsx`,
      failure: (await getTranslations("errors"))("export"),
      journal: journalExport(user.id),
    },
  );
});
