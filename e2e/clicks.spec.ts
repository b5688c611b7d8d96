import { expect, test } from "@playwright/test";
import { launchCampaign } from "#lib/letters/campaigns/launch";
import { db, sql } from "#lib/machine/db";
import { person, readyCampaign, segment } from "#testing/campaigns";
import { barriers } from "./barriers";
import { enter, giveUser } from "./session";

test("a reader tells what they read, follows a link of the mail, and takes it all back", async ({
  page,
  request,
  baseURL,
}) => {
  const city = `clics-${Date.now()}`;
  const contactId = await person({
    city,
    lastName: city,
    addresses: [{ address: `zoe.${city}@exemple.fr`, isPrimary: true }],
  });
  await sql`update contacts set created_at = now() - interval '5 years' where id = ${contactId}`;
  await sql`update settings set public_url = ${baseURL ?? ""}`;
  const criteria = { match: "all", groups: [{ match: "all", conditions: [{ field: "city", is: city }] }] };
  const segmentId = await segment(criteria as never);
  /** Launches a letter to them; its source in the sandbox, one line a line. */
  const mail = async (name: string) => {
    const campaignId = await readyCampaign({ name, segmentId });
    expect((await launchCampaign(campaignId)).ok).toBe(true);
    let source = "";
    const left = async () => {
      const [row] = await sql<{ raw: Buffer }>`
        select raw from sandbox_messages where recipient = ${`zoe.${city}@exemple.fr`} order by id desc limit 1`;
      source = `${row?.raw ?? ""}`.replaceAll("=\r\n", "").replaceAll("=3D", "=");
      return source.includes(`/api/click/${campaignId}/`);
    };
    await expect.poll(left, { timeout: 20_000 }).toBe(true);
    return { campaignId, source };
  };
  const first = await mail("Lettre d’avant");
  expect(first.source).not.toContain("?l=");
  const preferences = new RegExp(`${baseURL}(/preferences/[\\w.-]+)`).exec(first.source)?.[1] ?? "";

  await page.goto(preferences);
  await page.getByText("Dire au département ce que je lis").click();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole("button", { name: "J’accepte" }).click();
  await expect(page.getByText(/vous dites au département ce que vous lisez/)).toBeVisible();

  const { campaignId, source } = await mail("Lettre SRC n° 42");
  const link = new RegExp(`${baseURL}/api/click/${campaignId}/0\\?l=[\\w.-]+`).exec(source)?.[0] ?? "";
  await sql`update deliveries set settled_at = now() - interval '2 minutes' where campaign_id = ${campaignId}`;
  const browser = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
  const answer = await request.get(link, { maxRedirects: 0, headers: browser });
  expect([answer.status(), answer.headers().location]).toEqual([302, "https://example.org/a"]);

  await giveUser({ email: `maud.${city}@src.example`, name: "Maud", role: "secretariat" });
  await enter(page, `maud.${city}@src.example`, `/contacts/${contactId}`);
  await expect(
    page.getByText(/A suivi un lien de «\sLettre SRC n° 42\s» le .* \(avec son accord\)/),
  ).toBeVisible();
  await expect(page.getByText("Attentif", { exact: true })).toBeVisible();

  await page.goto(preferences);
  await page.getByRole("button", { name: "Ne plus le dire, et tout effacer" }).click();
  await expect(page.getByText("Le département ne note plus ce que vous lisez")).toBeVisible();
  expect(await barriers(page)).toEqual([]);
  await request.get(link, { maxRedirects: 0, headers: browser });
  expect(await db.readerClick.count({ where: { contactId } })).toBe(0);
  await page.goto(`/contacts/${contactId}`);
  await expect(page.getByText("Silencieux", { exact: true })).toBeVisible();
});
