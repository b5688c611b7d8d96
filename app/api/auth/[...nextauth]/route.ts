import NextAuth from "next-auth";
import { keepTyped, rememberBrowser } from "#lib/gates/session";
import { authOptions } from "#lib/office/users/auth";

/** What next-auth takes as a place to go to afterwards: anything else makes it fail. */
const isPlace = (asked: string | null, origin: string) =>
  asked === null ||
  /^https?:$/.test(URL.parse(asked, asked.startsWith("/") ? origin : undefined)?.protocol ?? "");

const isForm = ({ headers }: Request) =>
  /^application\/x-www-form-urlencoded\b/i.test(headers.get("content-type") ?? "");

/** The options are read at each request: the secret is only needed, and the key file only made, once somebody asks. */
const answer = async (request: Request, context: { params: Promise<{ nextauth: string[] }> }) => {
  const { origin, searchParams, pathname } = new URL(request.url);
  if (!isPlace(searchParams.get("callbackUrl"), origin)) return new Response(null, { status: 400 });
  // Pages send forms. Of anything else next-auth would fail, and quote it.
  if (request.method === "POST" && !isForm(request)) return new Response(null, { status: 400 });
  const signsIn = request.method === "POST" && pathname === "/api/auth/callback/credentials";
  const typed = signsIn && (await addressIn(request.clone()));
  const answered: Response = await NextAuth(request as never, context as never, {
    ...authOptions,
    events: { ...authOptions.events, signIn: ({ user }) => rememberBrowser(Number(user.id)) },
  });
  if (typed) await keepTyped(/[?&]error=/.test(answered.headers.get("location") ?? "") ? typed : "");
  return answered;
};

/** What a form of sign-in says; empty for anything else. */
const addressIn = async (request: Request) =>
  new URLSearchParams(await request.text().catch(() => "")).get("email") ?? "";

export { answer as GET, answer as POST };
