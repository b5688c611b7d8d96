/** People of staff in a page, as after a sign-in; the form itself is tried in accounts.spec.ts. */
import type { Page } from "@playwright/test";
import { encode } from "next-auth/jwt";
import type { Role } from "#db/enums";
import { db } from "#lib/machine/db";
import { keyFor } from "#lib/machine/seal";
import { openSession } from "#lib/office/users/mutations";

export type Account = { email: string; name: string; role: Role; locale?: "fr" | "en" };

/** An account without a password; the same one when asked again. */
export const giveUser = ({ email, ...known }: Account) =>
  db.user.upsert({ where: { email }, create: { email, ...known }, update: known });

/** Opens `path` as the account of this address. */
export async function enter(page: Page, email: string, path = "/"): Promise<void> {
  const { id } = await db.user.findUniqueOrThrow({ where: { email } });
  const sessionId = await openSession(id, "Chromium");
  const value = await encode({ token: { sessionId }, secret: keyFor("auth").toString("hex") });
  const url = `http://localhost:${process.env.PORT}`;
  await page
    .context()
    .addCookies([{ name: "next-auth.session-token", value, url, httpOnly: true, sameSite: "Lax" }]);
  await page.goto(path);
}
