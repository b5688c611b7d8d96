import { connect } from "node:net";
import { expect, test } from "@playwright/test";
import { db } from "#lib/machine/db";
import { signToken } from "#lib/machine/tokens";
import { nameOf } from "#testing/names";
import { giveCampaign, givePerson } from "#testing/received";

let made = 0;

async function giveReader() {
  const person = await givePerson(`lien.${++made}.${Date.now()}@exemple.fr`);
  const deliveryId = (await giveCampaign([person.id])).deliveries[0]?.id ?? 0;
  const isSubscribed = async () =>
    (await db.subscription.findFirst({ where: { contactId: person.id, topicId: 1 } }))?.unsubscribedAt ===
    null;
  return { deliveryId, token: signToken("unsubscribe", await nameOf(deliveryId)), isSubscribed };
}

test("a reader whose mail program glued a full stop to the link is unsubscribed", async ({ page }) => {
  for (const debris of [".", ")", "%3E", "%C2%BB", "%3C/a%3E", "="]) {
    const reader = await giveReader();
    await page.goto(`/desabonnement/${reader.token}${debris}`);
    await page.getByRole("button", { name: "Me désabonner" }).click();
    await expect(page.getByRole("heading", { name: "C’est fait" })).toBeVisible();
    expect(await reader.isSubscribed(), debris).toBe(false);
  }
});

test("a link that was cut says so, and how else to stop", async ({ page }) => {
  await db.settings.update({ where: { id: 1 }, data: { secretariatEmail: "secretariat@iut.example" } });
  const { token, deliveryId, isSubscribed } = await giveReader();
  const cut = (text: string) => text.slice(0, -3);
  const forged = "1.aaaaaaaaaaaaaaaaaaaaaaaa";
  for (const place of ["desabonnement", "preferences"])
    for (const text of [
      "",
      `/${forged}`,
      `/${cut(token)}`,
      `/${cut(signToken("preferences", await nameOf(deliveryId)))}`,
    ]) {
      const response = await page.goto(`/${place}${text}`);
      expect(response?.status(), `${place}${text}`).toBe(404);
      await expect(page.getByRole("heading", { name: "Ce lien est incomplet" })).toBeVisible();
      await expect(page.getByRole("link", { name: "secretariat@iut.example" })).toBeVisible();
      await expect(page.getByText("@", { exact: false })).toHaveCount(1);
      await expect(page.getByRole("button", { name: "Me désabonner" })).toHaveCount(0);
    }
  const online = await page.goto(`/en-ligne/${cut(signToken("online", await nameOf(deliveryId)))}`);
  expect(online?.status()).toBe(404);
  await expect(page.getByText("secretariat@iut.example")).toBeVisible();
  expect((await page.goto(`/en-ligne/${signToken("online", await nameOf(deliveryId))}).`))?.status()).toBe(
    200,
  );
  expect(await isSubscribed()).toBe(true);
});

test("without an address in the settings, none is shown", async ({ page }) => {
  await db.settings.update({ where: { id: 1 }, data: { secretariatEmail: "" } });
  await page.goto("/desabonnement/1.aaaaaaaaaaaaaaaaaaaaaaaa");
  await expect(page.getByText("ou répondez à la lettre")).toBeVisible();
  await expect(page.getByText("@", { exact: false })).toHaveCount(0);
});

test("a signed address posted to is obeyed, whatever the body", async ({ request }) => {
  const bodies = {
    "text/plain": "List-Unsubscribe=One-Click",
    "application/x-www-form-urlencoded": "List-Unsubscribe=One-Click\r\n",
    "application/X-www-form-urlencoded; charset=utf-8": "list-unsubscribe=one-click",
    "multipart/form-data; boundary=xyz": "--xyz\r\nContent-Disposition: form-data; name=",
    "multipart/form-data": "List-Unsubscribe=One-Click",
    "application/json": "{",
    nonsense: "\u0000",
  };
  for (const [type, data] of Object.entries(bodies)) {
    const { token, isSubscribed } = await giveReader();
    const response = await request.post(`/api/unsubscribe/${token}`, {
      data,
      headers: { "Content-Type": type },
    });
    expect(response.status(), type).toBe(200);
    expect(await isSubscribed(), type).toBe(false);
  }
  const glued = await giveReader();
  expect((await request.post(`/api/unsubscribe/${glued.token}.`)).status()).toBe(200);
  expect(await glued.isSubscribed()).toBe(false);
  const cut = await request.post("/api/unsubscribe/1.aaaaaaaaaaaaaaaaaaaaaaaa", {
    form: { "List-Unsubscribe": "One-Click" },
  });
  expect(cut.status()).toBe(404);
  expect(await cut.text()).toContain("incomplet");
});

test("a post without type, length or body is obeyed", async ({ baseURL }) => {
  const { token, isSubscribed } = await giveReader();
  const { hostname, port } = new URL(baseURL ?? "");
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname).on("error", reject);
    let heard = "";
    socket.on("data", (bytes) => {
      heard += bytes;
    });
    socket.on("close", () => resolve(heard));
    socket.write(`POST /api/unsubscribe/${token} HTTP/1.0\r\nHost: ${hostname}\r\n\r\n`);
  });
  expect(answer).toMatch(/^HTTP\/1\.\d 200/);
  expect(await isSubscribed()).toBe(false);
});

test("a counted link leads on whatever is glued to it, and says so when it leads nowhere", async ({
  request,
}) => {
  const { deliveryId } = await giveReader();
  const { campaignId } = await db.delivery.findUniqueOrThrow({ where: { id: deliveryId } });
  await db.content.updateMany({ where: { campaignId }, data: { links: ["https://site.example/article"] } });
  for (const debris of ["", ".", ")", "%3E", "%C2%BB", "."]) {
    const answer = await request.get(`/api/click/${campaignId}/0${debris}`, { maxRedirects: 0 });
    expect(answer.status(), debris).toBe(302);
    expect(answer.headers().location).toBe("https://site.example/article");
  }
  const dead = await request.get(`/api/click/${campaignId}/7`, { maxRedirects: 0 });
  expect(dead.status()).toBe(404);
  expect(await dead.text()).toContain("Ouvrez-le de nouveau depuis la lettre");
});
