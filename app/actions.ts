"use server";
import { appearanceInput, languageInput } from "#lib/department/settings/schema";
import { publicAction } from "#lib/gates/action";
import { keepChoice } from "#lib/gates/session";

/** Light, dark or the system's: a cookie of this browser, so that the first paint is right. */
export const chooseTheme = publicAction(appearanceInput, async ({ theme }) => {
  await keepChoice("theme", theme);
  return { ok: true };
});

export const chooseLanguage = publicAction(languageInput, async ({ locale }) => {
  await keepChoice("locale", locale);
  return { ok: true };
});
