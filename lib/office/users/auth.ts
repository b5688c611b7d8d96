/** next-auth: e-mail and password. The cookie is a signed token that holds the id of a row in user_sessions, nothing else. */
import type { NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { keyFor } from "#lib/machine/seal";
import { ownTarget } from "#lib/machine/web/target";
import { revokeSession } from "./mutations.ts";
import { sessionDays } from "./rules.ts";
import { type Headers, signIn } from "./sign-in.ts";

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
      authorize: (given, request) =>
        signIn(
          { email: String(given?.email ?? ""), password: String(given?.password ?? "") },
          (request.headers ?? {}) as Headers,
        ),
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
