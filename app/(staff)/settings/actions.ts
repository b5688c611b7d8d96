"use server";
import { saveAttachmentsFolder } from "#lib/department/settings/attachments-folder";
import { saveBranding, saveLegal } from "#lib/department/settings/mutations";
import { attachmentsInput, brandingInput, legalInput } from "#lib/department/settings/schema";
import { action } from "#lib/gates/action";

export const brand = action("settings.edit", brandingInput, (input, user) => saveBranding(input, user.id));

export const identify = action("settings.edit", legalInput, (input, user) => saveLegal(input, user.id));

export const placeAttachments = action("settings.edit", attachmentsInput, (input, user) =>
  saveAttachmentsFolder(input, user.id),
);
