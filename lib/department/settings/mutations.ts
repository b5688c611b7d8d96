import type { z } from "zod";
import { actOn, auditedRows, type By } from "#lib/department/audit/mutations";
import { ok } from "#lib/machine/result";
import { largest } from "#lib/machine/web/sizes";
import { cleanLogo } from "./logo.ts";
import { isReadable } from "./rules.ts";
import type { brandingInput, legalInput } from "./schema.ts";

/** Name, colours and logo. Colours on which white text cannot be read, and files that are no picture, are refused at their field. */
export async function saveBranding(input: z.output<typeof brandingInput>, by: By) {
  const { logo: file, removeLogo, ...data } = input;
  const fields: Record<string, string> = {};
  for (const name of ["primaryColor", "accentColor"] as const)
    if (!isReadable(data[name])) fields[name] = "settings.errors.contrast";
  const given = file && file.size > 0 ? file : null;
  const fits = given && given.size <= largest.logo;
  const picture = fits ? await cleanLogo(new Uint8Array(await given.arrayBuffer())) : null;
  if (given && !picture) fields.logo = fits ? "settings.errors.logoType" : "settings.errors.logoSize";
  if (Object.keys(fields).length > 0) return { ok: false as const, fields };
  const logo = picture
    ? { logo: picture.bytes, logoType: picture.type, logoCleanedAt: new Date() }
    : removeLogo && { logo: null, logoType: null };
  return auditedRows(actOn("settings.branding", 1, by), async (rows) => {
    await rows.settings.update({ where: { id: 1 }, data: { ...data, ...logo }, select: { id: true } });
    return ok;
  });
}

/** Who answers for the data, and where we are; an empty public address means « as the installation says ». */
export async function saveLegal({ publicUrl, ...data }: z.output<typeof legalInput>, by: By) {
  return auditedRows(actOn("settings.legal", 1, by), async (rows) => {
    await rows.settings.update({
      where: { id: 1 },
      data: { ...data, publicUrl: publicUrl.replace(/\/+$/, "") || null },
      select: { id: true },
    });
    return ok;
  });
}
