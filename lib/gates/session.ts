/** Who is asking. Only pages, actions and handlers import this. */

// Not "next/navigation.js": named with its extension, route handlers would get the browser's half of it.
import { forbidden, redirect } from "next/dist/client/components/navigation.react-server.js";
import { cookies, headers } from "next/headers.js";
import { getServerSession } from "next-auth";
import { may, type Permission } from "#lib/department/permissions";
import { storable } from "#lib/machine/asked";
import { type Locale, negotiate } from "#lib/machine/messages/negotiate";
import { authOptions } from "#lib/office/users/auth";
import { deviceCookie, deviceDays, makeDevice } from "#lib/office/users/device";
import { findSessionUser, type SessionUser } from "#lib/office/users/queries";
import { visitorOf } from "#lib/office/users/sign-in";
import type { Visitor } from "#lib/office/users/throttle";
import { findReaderLocale } from "#lib/returns/unsubscribe/locale";

export type { SessionUser };

/** The signed-in person, read from the database at each request: a revoked session or a disabled account ends at once. */
export async function currentUser(): Promise<SessionUser | null> {
  const session = await getServerSession(authOptions);
  return session?.sessionId ? findSessionUser(session.sessionId) : null;
}

/**
 * The first line of every staff page: the person, if they may; otherwise the sign-in page or « accès refusé ».
 * `here` is where to come back to after signing in.
 */
export async function gate(permission: Permission, here = "/"): Promise<SessionUser> {
  const user = await currentUser();
  if (!user) redirect(`/api/auth/signin?callbackUrl=${encodeURIComponent(here)}`);
  if (!may(user.role, permission)) forbidden();
  return user;
}

/**
 * The language of this page: what this browser chose by its button; else the reader's whom a signed link names, else of
 * whoever is signed in; else what the browser asks for.
 */
export async function chosenLocale(): Promise<Locale> {
  const chosen = (await cookies()).get("locale")?.value;
  if (chosen === "fr" || chosen === "en") return chosen;
  const asked = await headers();
  const reader = await findReaderLocale(asked.get("x-src-path") ?? "");
  if (reader) return reader;
  const user = await currentUser();
  if (user) return user.locale === "en" ? "en" : "fr";
  return negotiate(asked.get("accept-language"));
}

export type Theme = "light" | "dark" | "system";

/** The appearance chosen by this browser; « system » follows the machine. */
export async function chosenTheme(): Promise<Theme> {
  const theme = (await cookies()).get("theme")?.value;
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** Keeps a choice of this browser for a year. Only actions and handlers may write cookies. */
export async function keepChoice(name: "theme" | "locale", value: string): Promise<void> {
  (await cookies()).set(name, value, await lasting(365));
}

/** The address of a refused sign-in, for the page to give it back: in a cookie, since addresses of pages are logged. */
const typedCookie = "typed-address";

/** Keeps it in this browser for five minutes, or forgets it. Only actions and handlers may write cookies. */
export async function keepTyped(address: string): Promise<void> {
  const minutes = address ? 5 : 0;
  const known = { ...(await lasting(0)), path: "/connexion", maxAge: minutes * 60 };
  (await cookies()).set(typedCookie, storable(address).slice(0, 254), known);
}

export const typedAddress = async (): Promise<string> =>
  storable((await cookies()).get(typedCookie)?.value ?? "").slice(0, 254);

/** Who asks without having signed in. */
export const visitor = async (): Promise<Visitor> => visitorOf(Object.fromEntries(await headers()));

/** Makes this browser one that the account knows. Only actions and handlers may write cookies. */
export async function rememberBrowser(userId: number): Promise<void> {
  (await cookies()).set(deviceCookie, makeDevice(userId), await lasting(deviceDays));
}

/** Never sent in clear once it came encrypted: the front server wrote the scheme of this request. */
async function lasting(days: number) {
  const secure = (await headers()).get("x-forwarded-proto") === "https";
  return { path: "/", maxAge: days * 86_400, sameSite: "lax", httpOnly: true, secure } as const;
}
