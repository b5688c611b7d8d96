import { getRequestConfig } from "next-intl/server";
import { chosenLocale } from "#lib/gates/session";
import { type Catalog, catalogs } from "#lib/machine/messages/catalog";

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
