import { cookies } from "next/headers";
import Link from "next/link";
import { redirect } from "next/navigation";
import { useTranslations } from "next-intl";
import { currentUser } from "#lib/session";
import { Alert } from "#ui/alert";
import { Button } from "#ui/button";
import { Sheet } from "#ui/sheet";
import { TextField } from "#ui/text-field";

type Search = { callbackUrl?: string; error?: string; done?: string };

/** Public: the form posts straight to next-auth, so that it works before hydration. */
export default async function SignInPage({ searchParams }: { searchParams: Promise<Search> }) {
  const search = await searchParams;
  const goTo = local(search.callbackUrl);
  const done = search.done ?? doneIn(search.callbackUrl);
  if (await currentUser()) redirect(goTo);
  const csrfToken = await csrf();
  // next-auth's own address sets the cookie that its form must answer to, then comes back here with the address alone.
  const back = done ? `/connexion?done=${encodeURIComponent(done)}` : goTo;
  if (!csrfToken) redirect(`/api/auth/signin?callbackUrl=${encodeURIComponent(back)}`);
  return <SignIn csrfToken={csrfToken} goTo={goTo} error={search.error} done={done} />;
}

function SignIn({
  csrfToken,
  goTo,
  error,
  done,
}: {
  csrfToken: string;
  goTo: string;
  error?: string;
  done?: string;
}) {
  const t = useTranslations("users.signIn");
  return (
    <Sheet title={t("title")} lead={t("lead")}>
      <form method="post" action="/api/auth/callback/credentials" className="flex flex-col gap-5">
        {error && <Alert tone="bad">{error === "throttled" ? t("throttled") : t("wrong")}</Alert>}
        {done === "password" && <Alert tone="good">{t("passwordSet")}</Alert>}
        {done === "reset" && <Alert tone="info">{t("resetSent")}</Alert>}
        <input type="hidden" name="csrfToken" value={csrfToken} />
        <input type="hidden" name="callbackUrl" value={goTo} />
        <TextField name="email" type="email" label={t("email")} autoComplete="username" required autoFocus />
        <TextField
          name="password"
          type="password"
          label={t("password")}
          autoComplete="current-password"
          required
        />
        <Button type="submit" variant="primary" className="w-full">
          {t("submit")}
        </Button>
        <Link
          href="/mot-de-passe-oublie"
          className="inline-flex min-h-8 items-center justify-center self-center rounded text-sm text-soft underline underline-offset-3 hover:text-ink pointer-coarse:min-h-11"
        >
          {t("forgotten")}
        </Link>
      </form>
    </Sheet>
  );
}

/** Only places of our own: `/contacts?q=…`, never `//elsewhere`. */
function local(url = "/"): string {
  const path = url.replace(/^https?:\/\/[^/]*/, "");
  return /^\/(?![/\\])/.test(path) && !path.startsWith("/connexion") ? path : "/";
}

/** What was just done, when it travelled inside the address to come back to. */
const doneIn = (url = "") => URL.parse(url, "http://here")?.searchParams.get("done") ?? undefined;

/** next-auth keeps `token|hash` in a cookie; the form sends the token back. */
async function csrf(): Promise<string | undefined> {
  const jar = await cookies();
  const cookie = jar.get("__Host-next-auth.csrf-token") ?? jar.get("next-auth.csrf-token");
  return cookie?.value.split("|")[0];
}
