import { expect, test } from "@playwright/test";
import { db, sql } from "#lib/machine/db";
import { addDeliveries, sendingCampaign } from "#testing/deliveries";
import { enter, giveUser } from "./session.ts";

const email = `export.${Date.now().toString(36)}@src.example`;

/** A date that no calendar of ours can write: the row cannot be exported. */
const poison = (campaign: number, address: string) =>
  sql`update deliveries set replied_at = '294000-01-01' where campaign_id = ${campaign} and address = ${address}`;

test("an export that fails is an error before its first byte, or breaks the connection; the journal says so", async ({
  page,
}) => {
  await giveUser({ email, name: "Alix Martin", role: "administrator" });
  const { campaign, content } = await sendingCampaign({ port: 1, recipients: 1 });
  await sql`update campaigns set status = 'cancelled' where id = ${campaign}`;
  await enter(page, email);

  await poison(campaign, `r1@c${campaign}.example`);
  const none = await page.request.get(`/campaigns/${campaign}/export`);
  expect(none.status()).toBe(500);
  expect(await none.text()).toContain("rien n’a été exporté");
  expect(await journal(campaign)).toEqual(["campaign.exportFailed"]);

  await addDeliveries(campaign, content, 2, 2500);
  await sql`update deliveries set replied_at = null where campaign_id = ${campaign}`;
  const whole = await page.request.get(`/campaigns/${campaign}/export`);
  expect((await whole.text()).split("\r\n").length).toBe(2502);
  await poison(campaign, `r999@c${campaign}.example`);
  await expect(page.request.get(`/campaigns/${campaign}/export`)).rejects.toThrow();
  expect(await journal(campaign)).toEqual([
    "campaign.exportFailed",
    "campaign.exported",
    "campaign.exported",
    "campaign.exportFailed",
  ]);
});

const journal = async (campaign: number) =>
  (
    await db.auditEntry.findMany({
      where: { subject: "campaign", subjectId: campaign },
      orderBy: { id: "asc" },
      select: { action: true },
    })
  ).map(({ action }) => action);
