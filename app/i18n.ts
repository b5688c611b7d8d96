import { getRequestConfig } from "next-intl/server";
import { catalogs } from "#lib/messages/catalog";
import { chosenLocale } from "#lib/session";

export default getRequestConfig(async () => {
  const locale = await chosenLocale();
  return { locale, messages: catalogs[locale], timeZone: "Europe/Paris" };
});
