import NextAuth from "next-auth";
import { rememberBrowser } from "#lib/gates/session";
import { authOptions } from "#lib/office/users/auth";

/** The options are read at each request: the secret is only needed, and the key file only made, once somebody asks. */
const answer = (request: Request, context: { params: Promise<{ nextauth: string[] }> }) =>
  NextAuth(request as never, context as never, {
    ...authOptions,
    events: { ...authOptions.events, signIn: ({ user }) => rememberBrowser(Number(user.id)) },
  });

export { answer as GET, answer as POST };
