import { getLocale, getTranslations } from "next-intl/server";
import { escapeHtml } from "#emails/html";
import { getSettings } from "#lib/department/settings/queries";
import { publicHandler } from "#lib/gates/handler";
import { findOnlineMail } from "#lib/returns/unsubscribe/queries";

/** The mail itself, as a document that may run nothing and is of no origin: whoever wrote it, it touches nobody's session. */
export const GET = publicHandler(async (_request, { token }) => {
  const mail = await findOnlineMail(token ?? "");
  return mail ? page(mail.html, 200) : page(await gone(), 404);
});

const page = (html: string, status: number) =>
  new Response(html, {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy":
        "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; font-src https: data:",
      "X-Robots-Tag": "noindex, nofollow",
      "Referrer-Policy": "no-referrer",
      "Cache-Control": "private, no-store",
    },
  });

async function gone(): Promise<string> {
  const [t, locale] = [await getTranslations("unsubscribe"), await getLocale()];
  const { secretariatEmail } = await getSettings();
  const write =
    secretariatEmail && `<p>${escapeHtml(t("onlineGoneWrite", { address: secretariatEmail }))}</p>`;
  return `<!doctype html><html lang="${locale}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${t("onlineGone")}</title>
<style>:root{color-scheme:light dark}body{font:1.0625rem/1.6 system-ui,sans-serif;max-width:34rem;margin:18vh auto;padding:0 1.5rem}h1{font-size:1.5rem}</style>
<main><h1>${t("onlineGone")}</h1><p>${t("onlineGoneText")}</p>${write}</main></html>`;
}
