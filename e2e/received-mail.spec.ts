import { expect, test } from "@playwright/test";
import { db, transaction } from "#lib/machine/db";
import { readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";
import { givePerson } from "#testing/received";
import { looksRight } from "./barriers.ts";
import { enter, giveUser } from "./session.ts";

const mark = Date.now().toString(36);

const attached = (name: string) =>
  `--m\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from("%PDF-1.4 convention").toString("base64")}\r\n`;

test("a secretary reads a mail laid out by a stranger, saves its file, and nothing of it runs or is fetched", async ({
  page,
}) => {
  const address = `nora.${mark}@orange.example`;
  await givePerson(address);
  await giveUser({ email: `lit.${mark}@src.example`, name: "Maud", role: "secretariat" });
  const { relayId } = await db.identity.findFirstOrThrow({ where: { isDefault: true } });
  const html = `<p style="color:#00c">Voici la <b>convention</b>.</p><p><a href="https://iut.example/la">Plan du <em>site</em></a></p><img src="https://espion.example/a.png" width="300"><img src=x onerror="top.document.title='pris'"><script>top.document.title='pris'</script>`;
  const raw = Buffer.from(
    `From: Nora <${address}>\r\nMessage-ID: <${mark}@orange.example>\r\nSubject: Convention ${mark}\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n` +
      `--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\nVoici la convention.\r\n--a\r\nContent-Type: text/html\r\n\r\n${html}\r\n--a--\r\n` +
      `${attached("convention.pdf")}${attached("convention.pdf.exe")}--m--\r\n`,
  );
  const read = await readIncoming({ uid: 1, uidValidity: 1n, raw, receivedAt: new Date() });
  const id = (await transaction((client) => recordMail(client, relayId, read))) ?? 0;
  const { threadId } = await db.letter.findUniqueOrThrow({ where: { receivedMailId: id } });
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (/\.example\b/.test(new URL(request.url()).hostname)) elsewhere.push(request.url());
  });

  await enter(page, `lit.${mark}@src.example`, `/inbox/${threadId}`);
  await expect(page.getByText("Voici la convention.")).toBeVisible();
  await expect(page.getByText("non proposée")).toBeVisible();
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "convention.pdf", exact: true }).click(),
  ]);
  expect(saved.suggestedFilename()).toBe("convention.pdf");
  expect((await page.request.get(`/received/${id}/files/1`)).status()).toBe(404);

  await page.getByRole("link", { name: "Voir la mise en page" }).click();
  const frame = page.frameLocator("iframe");
  await expect(frame.getByText("convention")).toHaveCSS("font-weight", "700");
  await expect(frame.getByRole("link", { name: "Plan du site" })).toHaveAttribute(
    "title",
    "https://iut.example/la",
  );
  await expect(page.getByText("2 images distantes ne sont pas affichées")).toBeVisible();
  await looksRight(page, "layout");
  await page.getByRole("link", { name: "Voir le texte seul" }).click();
  await expect(page.getByText("Voici la convention.")).toBeVisible();

  await page.goto(`/received/${id}?layout=1`);
  await expect(frame.getByText("convention")).toBeVisible();
  await looksRight(page, "layout of a return");
  expect(elsewhere).toEqual([]);
  expect(await page.title()).not.toContain("pris");
});
