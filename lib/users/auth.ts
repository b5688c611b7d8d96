/** next-auth: e-mail and password. The cookie is a signed token that holds the id of a row in user_sessions, nothing else. */
import type { NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { foldAddress, keyFor } from "#lib/seal";
import { clientAddress } from "#lib/web/seen";
import { ownTarget } from "#lib/web/target";
import { openSession, revokeSession } from "./mutations.ts";
import { verifyPassword } from "./password.ts";
import { findAccount } from "./queries.ts";
import { sessionDays } from "./rules.ts";
import { countAttempt, forgetAttempts } from "./throttle.ts";

declare module "next-auth" {
  interface Session {
    sessionId: string;
  }
  interface User {
    sessionId: string;
  }
}
declare module "next-auth/jwt" {
  interface JWT {
    sessionId?: string;
  }
}

type Headers = Record<string, string | undefined>;

// A bundler gives the function, Node's own loader the CommonJS module around it.
const wrapped = CredentialsProvider as typeof CredentialsProvider & { default?: typeof CredentialsProvider };
const credentials = wrapped.default ?? wrapped;

export const authOptions: NextAuthOptions = {
  // Getters: the secret is only needed, and the key file only made, once somebody asks.
  get secret() {
    return keyFor("auth").toString("hex");
  },
  session: { strategy: "jwt", maxAge: sessionDays * 86_400 },
  pages: { signIn: "/connexion", error: "/connexion", signOut: "/connexion" },
  providers: [
    credentials({
      credentials: { email: { type: "email" }, password: { type: "password" } },
      authorize: (given, request) => signIn(given, (request.headers ?? {}) as Headers),
    }),
  ],
  callbacks: {
    redirect: ({ url, baseUrl }) => baseUrl + ownTarget(url, baseUrl),
    jwt: ({ token, user }) => ({ sessionId: user?.sessionId ?? token.sessionId }),
    session: ({ session, token }) => ({ expires: session.expires, sessionId: token.sessionId ?? "" }),
  },
  events: {
    signOut: async ({ token }) => {
      if (token?.sessionId) await revokeSession(token.sessionId);
    },
  },
};

/**
 * Null for any wrong pair, known account or not, after the same work.
 * @throws Error("throttled"): next-auth hands the message to the sign-in page.
 */
async function signIn(given: Record<string, string> | undefined, headers: Headers) {
  const email = foldAddress(String(given?.email ?? "")).slice(0, 254);
  const password = String(given?.password ?? "").slice(0, 1000);
  if (!email || !password) return null;
  const address = clientAddress(headers);
  if ((await countAttempt(email, address)) > 0) throw new Error("throttled");
  const account = await findAccount(email);
  if (!(await verifyPassword(account?.passwordHash, password)) || !account) return null;
  await forgetAttempts(email);
  const sessionId = await openSession(account.id, headers["user-agent"] ?? "");
  return { id: String(account.id), sessionId };
}
