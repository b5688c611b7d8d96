import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { expect, test } from "@playwright/test";
import { freePort } from "#lib/machine/network/free-port";
import { sql } from "../lib/machine/db.ts";
import { createUser } from "../lib/office/users/command.ts";
import { flood } from "../testing/flood.ts";
import { type ProxyName, type Running, startProxy } from "../testing/proxies.ts";

const phrase = "une phrase bien longue";
const email = `chloe.${Date.now().toString(36)}@src.example`;

let web: ChildProcess;
let port: number;
let other: ChildProcess;
/** A build of its own, of the same sources, for whoever has one (`npm run build` in a copy); else the same once more. */
const otherFolder = process.env.SRC_OTHER_FOLDER ?? ".";
const proxies = new Map<string, Running>();

test.beforeAll(async () => {
  await createUser({ email, name: "Chloé Roux", role: "administrator" }, phrase);
  port = await freePort();
  const second = await freePort();
  for (const name of ["nginx", "caddy"] as ProxyName[])
    proxies.set(name, await startProxy(name, port, second));
  web = await startWeb(port, ".");
  other = await startWeb(second, otherFolder);
});

async function startWeb(port: number, cwd: string): Promise<ChildProcess> {
  const told = {
    PORT: String(port),
    SRC_PUBLIC_URL: `https://localhost:${proxies.get("nginx")?.port}`,
    SRC_TRUSTED_PROXIES: "127.0.0.1",
  };
  const child = spawn(process.execPath, ["bin/web.ts"], {
    env: { ...process.env, ...told },
    stdio: "inherit",
    cwd,
  });
  await expect
    .poll(
      () =>
        fetch(`http://127.0.0.1:${port}/api/health`).then(
          (answer) => answer.ok,
          () => false,
        ),
      { timeout: 30_000 },
    )
    .toBe(true);
  return child;
}

test.afterAll(async () => {
  const gone = [web, other].map((child) => once(child, "exit"));
  for (const child of [web, other]) child.kill("SIGTERM");
  for (const proxy of proxies.values()) await proxy.stop();
  await Promise.all(gone);
});

test.use({ ignoreHTTPSErrors: true });

for (const name of ["nginx", "caddy"])
  test(`the application is used through ${name} as it is without`, async ({ page, context }) => {
    const origin = `https://localhost:${proxies.get(name)?.port}`;
    const answer = await page.goto(`${origin}/account`);
    expect(answer?.headers()["strict-transport-security"]).toBe("max-age=31536000");
    await page.getByLabel("Adresse e-mail").fill(email);
    await page.getByLabel("Mot de passe", { exact: false }).first().fill(phrase);
    await page.getByRole("button", { name: "Se connecter" }).click();
    await expect(page).toHaveURL(`${origin}/account`);
    const cookie = (await context.cookies()).find((one) => one.name === "__Secure-next-auth.session-token");
    expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: "Lax" });
    // An action, which Next refuses unless it comes from where it thinks it is.
    await page.getByLabel("Nom").fill(`Chloé ${name}`);
    await page.getByRole("button", { name: "Enregistrer" }).first().click();
    await expect(page.getByRole("status").first()).toBeVisible();
    await expect
      .poll(async () => (await sql`select name from users where email = ${email}`)[0]?.name)
      .toBe(`Chloé ${name}`);

    const [source] = await sql`
      insert into sources (key, name, url, default_kind)
      values (${`${name}-${Date.now()}`}, ${name}, 'https://site.example/anciens.xml', 'former_src') returning id`;
    const file = { name: "anciens.xml", mimeType: "text/xml", buffer: Buffer.alloc(20_000_000, " ") };
    const sent = await page.request.post(`${origin}/sources/${source?.id}/upload`, {
      multipart: { file },
      maxRedirects: 0,
    });
    expect(sent.headers().location).toMatch(/^\/sources\/runs\/\d+$/);
    const refused = await page.request.post(`${origin}/api/unsubscribe/x`, { data: file.buffer });
    expect(refused.status()).toBe(413);
  });

test("two processes answer in turn, and a hundred forms out of a hundred arrive", async ({ page }) => {
  const origin = `https://localhost:${proxies.get("nginx")?.port}`;
  await page.goto(`${origin}/account`);
  await page.getByLabel("Adresse e-mail").fill(email);
  await page.getByLabel("Mot de passe", { exact: false }).first().fill(phrase);
  await page.getByRole("button", { name: "Se connecter" }).click();
  await expect(page).toHaveURL(`${origin}/account`);
  // As a browser without scripts sends it: what one process wrote in the page, another reads.
  const form = await page
    .getByLabel("Nom")
    .locator("xpath=ancestor::form")
    .evaluate((form: HTMLFormElement) =>
      Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])),
    );
  const before = await sql`select from audit_entries`;
  for (let i = 0; i < 100; i++) {
    const html = await (await page.request.get(`${origin}/account`)).text();
    const whole = html.split("<form").find((one) => / name="name"/.test(one)) ?? "";
    const hidden = [...whole.matchAll(/<input type="hidden" name="([^"]*)"(?: value="([^"]*)")?/g)].map(
      ([, name = "", value = ""]) => [name, value.replaceAll("&quot;", '"').replaceAll("&amp;", "&")],
    );
    const answer = await page.request.post(`${origin}/account`, {
      multipart: { ...form, ...Object.fromEntries(hidden), name: `Chloé ${i}` },
    });
    expect(answer.status(), String(i)).toBe(200);
    const [row] = await sql`select name from users where email = ${email}`;
    expect(row?.name).toBe(`Chloé ${i}`);
  }
  expect((await sql`select from audit_entries`).length - before.length).toBe(100);
});

test("who reaches it beside the proxy is given the public address all the same", async () => {
  // Not from 127.0.0.1, which is the proxies'.
  const asked = get({
    port,
    path: "/api/auth/signin",
    localAddress: "127.0.0.2",
    headers: { Host: "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http" },
  });
  const [{ headers }] = (await once(asked, "response")) as [IncomingMessage];
  expect(headers["set-cookie"]?.join("\n")).toMatch(
    /__Host-next-auth\.csrf-token=.+; Path=\/; HttpOnly; Secure; SameSite=Lax/,
  );
  expect(`${headers.location} ${headers["set-cookie"]}`).not.toContain("evil.example");
});

test("five times 300 MB from a stranger cost no memory, with or without their length", async () => {
  const megabyte = 1024 * 1024;
  const resident = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${web.pid}/status`, "utf8"))?.[1]) / 1024;
  const chunk = Buffer.concat([Buffer.from("100000\r\n"), Buffer.alloc(megabyte), Buffer.from("\r\n")]);
  const before = resident();
  let highest = before;
  const watch = setInterval(() => {
    highest = Math.max(highest, resident());
  }, 20);
  for (const path of ["/api/unsubscribe/x", "/api/auth/callback/credentials", "/connexion"])
    for (const length of [`Content-Length: ${300 * megabyte}`, "Transfer-Encoding: chunked"]) {
      const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n${length}\r\n\r\n`;
      const floods = Array.from({ length: 5 }, () => flood(port, head, chunk, 300 * megabyte, true));
      for (const { answer, bytesWritten } of await Promise.all(floods)) {
        // Where the body is not wanted, the answer may come before its end: then nobody listens to the rest.
        expect(answer, head).toMatch(
          length.startsWith("Content") ? /^HTTP\/1\.1 413 / : /^HTTP\/1\.1 [234]\d\d /,
        );
        // The sender counts what it queued before it heard the answer: a busy machine hears late, never after all 300.
        expect(bytesWritten, head).toBeLessThan(100 * megabyte);
      }
    }
  clearInterval(watch);
  // What the pages themselves take when first asked; held, the bodies would be 1 500.
  expect(highest - before, "MB more than before").toBeLessThan(150);
});

test("npm killed in one blow leaves nothing on the port", async () => {
  const port = await freePort();
  const npm = spawn("npm", ["run", "-s", "web"], {
    env: { ...process.env, PORT: String(port) },
    stdio: "inherit",
  });
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/api/health`).then(
      () => true,
      () => false,
    );
  await expect.poll(answers, { timeout: 30_000 }).toBe(true);
  npm.kill("SIGKILL");
  await expect.poll(answers, { timeout: 15_000 }).toBe(false);
});
