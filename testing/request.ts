/**
 * A request as Next would have it around an action, a handler or a page: its own stores, without a server. The test
 * imports `next/dist/server/node-environment-baseline.js` before anything of Next, as Next does.
 */

import { type WorkStore, workAsyncStorage } from "next/dist/server/app-render/work-async-storage.external.js";
import { workUnitAsyncStorage } from "next/dist/server/app-render/work-unit-async-storage.external.js";
import { createRequestStoreForAPI } from "next/dist/server/async-storage/request-store.js";
import { NextRequest } from "next/server.js";
import { encode } from "next-auth/jwt";
import type { Role } from "#db/enums";
import { db } from "#lib/machine/db";
import { authOptions } from "#lib/office/users/auth";
import { openSession } from "#lib/office/users/mutations";

// What next.config.ts turns on: `forbidden()` is an answer, not an error.
process.env.__NEXT_EXPERIMENTAL_AUTH_INTERRUPTS = "true";

export type Asked = {
  /** Whether the page was told to draw itself anew. */
  refreshed: boolean;
  /** Set-Cookie headers. */
  kept: string[];
};

type Asking = { headers?: Record<string, string>; cookies?: Record<string, string>; sessionId?: string };

/** Runs `work` as the answer to a request, signed in when `sessionId` names a session. */
export async function inRequest<T>(asking: Asking, work: () => Promise<T>): Promise<Asked & { answer: T }> {
  const cookies = { ...asking.cookies, ...(asking.sessionId && (await sessionCookie(asking.sessionId))) };
  const cookie = Object.entries(cookies).map(([name, value]) => `${name}=${value}`);
  const request = new NextRequest("http://localhost/", {
    headers: { host: "localhost", "x-forwarded-proto": "http", ...asking.headers, cookie: cookie.join("; ") },
  });
  let kept: string[] = [];
  const store = createRequestStoreForAPI(
    request,
    request.nextUrl,
    undefined as never,
    (all) => {
      kept = all;
    },
    undefined,
    undefined,
  );
  const page = { route: "/", page: "/page" } as WorkStore;
  const answer = await workAsyncStorage.run(page, () => workUnitAsyncStorage.run(store, work));
  return { answer, kept, refreshed: page.pathWasRevalidated !== undefined };
}

/** Somebody of a role, signed in. */
export async function signedIn(role: Role, locale = "fr") {
  const email = `${role}.${locale}@src.example`;
  const user = await db.user.create({
    data: { email, name: role, role, locale, passwordHash: "" },
    select: { id: true },
  });
  return { userId: user.id, sessionId: await openSession(user.id, "test") };
}

/** The cookie that next-auth gives to whoever signed in. */
async function sessionCookie(sessionId: string) {
  const secret = authOptions.secret ?? "";
  return { "next-auth.session-token": await encode({ token: { sessionId }, secret }) };
}
