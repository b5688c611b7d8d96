/** Readers at their own screens: real requests to the running application, from links read in the mails they received. */
import { DomUtils, parseDocument } from "htmlparser2";
import { simpleParser } from "mailparser";
import { sql } from "#lib/machine/db";

/** What a browser says of itself; without it a click counts for nobody. */
const browser = {
  "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
  "Accept-Language": "fr",
};

export type Received = { oneClick: string | null; unsubscribe: string | null; clicks: string[] };

/** The links of the mail that this address received, as the sandbox keeps it; null when it received none. */
export async function openMail(recipient: string, messageId: string): Promise<Received | null> {
  const [row] = await sql<{ raw: Buffer }>`
    select raw from sandbox_messages where folder = 'sent' and message_id = ${messageId} and recipient = ${recipient} limit 1`;
  if (!row) return null;
  const mail = await simpleParser(row.raw);
  const head = row.raw
    .subarray(0, row.raw.indexOf("\r\n\r\n"))
    .toString("latin1")
    .replace(/\r\n[ \t]+/g, " ");
  const links = DomUtils.getElementsByTagName("a", parseDocument(mail.html || "")).map(
    ({ attribs }) => attribs.href ?? "",
  );
  return {
    oneClick: /^List-Unsubscribe:.*?<(https?:[^>]+)>/im.exec(head)?.[1] ?? null,
    unsubscribe: links.find((link) => link.includes("/desabonnement/")) ?? null,
    clicks: links.filter((link) => link.includes("/api/click/")),
  };
}

/** The mail program's own button (RFC 8058). */
export async function clickOnce(url: string): Promise<boolean> {
  const body = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
  return (await fetch(url, { method: "POST", body, redirect: "manual" })).ok;
}

/** The page, opened and its form sent, as a browser without JavaScript would. True when the answer sends on to the thanks. */
export async function leaveByPage(url: string, scope: "topic" | "all"): Promise<boolean> {
  const page = await fetch(url, { headers: browser });
  const form = findForm(await page.text());
  if (!form) return false;
  form.fields.set("scope", scope);
  const origin = new URL(page.url).origin;
  const answer = await fetch(new URL(form.action, page.url), {
    method: "POST",
    body: form.fields,
    redirect: "manual",
    headers: { ...browser, Origin: origin, Referer: page.url },
  });
  await answer.arrayBuffer();
  return answer.status === 303;
}

/** The form that asks what to leave, with everything a browser would send of it. */
function findForm(html: string): { action: string; fields: FormData } | null {
  for (const form of DomUtils.getElementsByTagName("form", parseDocument(html))) {
    const inputs = DomUtils.getElementsByTagName("input", form);
    if (!inputs.some(({ attribs }) => attribs.name === "token")) continue;
    const fields = new FormData();
    for (const { attribs } of inputs) {
      if (!attribs.name || (/^(radio|checkbox)$/.test(attribs.type ?? "") && !("checked" in attribs)))
        continue;
      fields.append(attribs.name, attribs.value ?? "");
    }
    return { action: form.attribs.action ?? "", fields };
  }
  return null;
}

/** Follows a counted link as far as the counter: nothing outside is opened. */
export async function follow(link: string): Promise<void> {
  await fetch(link, { headers: browser, redirect: "manual" });
}
