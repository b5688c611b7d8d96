/** The department as its mails show it. */
import { type Brand, brandSchema } from "#emails/brand";
import { db } from "#lib/machine/db";
import { env } from "#lib/machine/env";

export type House = {
  brand: Brand;
  /** Where this installation is seen from, without a slash at the end. */
  publicUrl: string;
  /** What the application is called. */
  product: string;
};

/** Who speaks, from Settings; what is not filled in yet gets an honest default. */
export async function getHouse(): Promise<House> {
  const settings = await db.settings.findUniqueOrThrow({
    where: { id: 1 },
    select: {
      name: true,
      shortName: true,
      logoType: true,
      primaryColor: true,
      accentColor: true,
      publicUrl: true,
      postalAddress: true,
      privacyUrl: true,
    },
  });
  const publicUrl = (settings.publicUrl || env.publicUrl).replace(/\/+$/, "");
  const lines = settings.postalAddress
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const brand = brandSchema.parse({
    name: settings.name,
    shortName: settings.shortName,
    // Mail clients show PNG, JPEG and GIF; an old logo of another kind stays on the screens until it is cleaned.
    logo: /^image\/(png|jpeg|gif)$/.test(settings.logoType ?? "")
      ? { src: `${publicUrl}/api/branding/logo`, alt: settings.name, width: 160 }
      : null,
    primary: settings.primaryColor,
    accent: settings.accentColor,
    postalAddress: lines.length > 0 ? lines.slice(0, 6) : [settings.name],
    privacyUrl: settings.privacyUrl || `${publicUrl}/confidentialite`,
  });
  return { brand, publicUrl, product: settings.shortName };
}
