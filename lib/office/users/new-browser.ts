/** The letter that tells somebody of a sign-in by a browser their account did not know. */
import { newBrowserMail } from "#emails/transactional";
import { getHouse } from "#lib/department/settings/house";
import type { Letter } from "#lib/letters/deliveries/enqueue";
import { sql } from "#lib/machine/db";
import { formatDateTime } from "#lib/machine/format";

type Account = { id: number; name: string; email: string; locale: string };

/**
 * Null for the very first sign-in of an account, which its owner just made or was told of, and where the application
 * has nobody to write as: a letter never keeps anybody out.
 */
export async function newBrowserLetter(
  { id, name, email, locale: chosen }: Account,
  browser: string,
  network: string,
): Promise<Letter | null> {
  const [worth] = await sql`
    select from user_sessions where user_id = ${id}
      and exists (select from identities where is_default and archived_at is null) limit 1`;
  if (!worth) return null;
  const house = await getHouse();
  const locale = chosen === "en" ? "en" : "fr";
  const mail = await newBrowserMail({
    brand: house.brand,
    product: house.product,
    locale,
    name,
    at: formatDateTime(new Date(), locale),
    browser,
    network,
    url: `${house.publicUrl}/account`,
  });
  return { kind: "transactional", to: email, ...mail };
}
