import { getRequestConfig } from "next-intl/server";
import { type Catalog, catalogs } from "#lib/messages/catalog";
import { chosenLocale } from "#lib/session";

declare module "next-intl" {
  interface AppConfig {
    Messages: Catalog;
    Locale: "fr" | "en";
  }
}

export default getRequestConfig(async () => {
  const locale = await chosenLocale();
  return { locale, messages: catalogs[locale], timeZone: "Europe/Paris" };
});
