"use server";
import { saveBranding, saveLegal } from "#lib/department/settings/mutations";
import { brandingInput, legalInput } from "#lib/department/settings/schema";
import { action } from "#lib/gates/action";

export const brand = action("settings.edit", brandingInput, (input, user) => saveBranding(input, user.id));

export const identify = action("settings.edit", legalInput, (input, user) => saveLegal(input, user.id));
