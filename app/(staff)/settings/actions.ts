"use server";
import { action } from "#lib/action";
import { saveBranding, saveLegal } from "#lib/settings/mutations";
import { brandingInput, legalInput } from "#lib/settings/schema";

export const brand = action("settings.edit", brandingInput, (input, user) => saveBranding(input, user.id));

export const identify = action("settings.edit", legalInput, (input, user) => saveLegal(input, user.id));
