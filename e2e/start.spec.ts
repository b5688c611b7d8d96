import { expect, test } from "@playwright/test";

test("a stranger is asked to sign in, whatever page they ask for", async ({ page }) => {
  for (const path of ["/", "/contacts", "/campaigns", "/settings"]) {
    await page.goto(path);
    await expect(page).toHaveURL(/\/connexion/);
  }
  await expect(page.getByRole("button", { name: "Se connecter" })).toBeVisible();
});

test("a monitor reads the state of the installation without an account", async ({ request }) => {
  const response = await request.get("/api/health");
  expect(response.status()).toBe(200);
  expect(await response.json()).toMatchObject({ status: "ok", database: { ok: true }, worker: { ok: true } });
});
