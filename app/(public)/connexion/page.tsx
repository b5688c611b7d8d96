import { cookies, headers } from "next/headers";
import Link from "next/link";
import { redirect } from "next/navigation";
import { useTranslations } from "next-intl";
import { currentUser, typedAddress } from "#lib/gates/session";
import { ownTarget } from "#lib/machine/web/target";
import { Alert } from "#ui/alert";
import { Button } from "#ui/button";
import { LinkButton } from "#ui/link-button";
import { Sheet } from "#ui/sheet";
import { TextField } from "#ui/text-field";

type Search = { callbackUrl?: string; error?: string; done?: string; asked?: string };

/** Public: the form posts straight to next-auth, so that it works before hydration. */
export default async function SignInPage({ searchParams }: { searchParams: Promise<Search> }) {
  const { goTo, done, error, asked } = await unwrap(await searchParams);
  if (await currentUser()) redirect(goTo);
  const csrfToken = await csrf();
  // next-auth's own address sets the cookie that its form must answer to, then comes back here with one address alone.
  if (!csrfToken && !asked) {
    const here = new URLSearchParams({ callbackUrl: goTo, asked: "1", ...(done && { done }) });
    redirect(`/api/auth/signin?callbackUrl=${encodeURIComponent(`/connexion?${here}`)}`);
  }
  if (!csrfToken) return <NoCookies />;
  return <SignIn {...{ csrfToken, goTo, error, done }} typed={error ? await typedAddress() : ""} />;
}

/** Asked for its cookie once and came without it: asked for ever, the browser would give up on us. */
function NoCookies() {
  const t = useTranslations("users.signIn");
  return (
    <Sheet title={t("title")}>
      <Alert tone="bad">{t("noCookies")}</Alert>
      <LinkButton href="/connexion">{t("again")}</LinkButton>
    </Sheet>
  );
}

type Props = { csrfToken: string; goTo: string; error?: string; done?: string; typed: string };

function SignIn({ csrfToken, goTo, error, done, typed }: Props) {
  const t = useTranslations("users.signIn");
  return (
    <Sheet title={t("title")} lead={t("lead")}>
      <form method="post" action="/api/auth/callback/credentials" className="flex flex-col gap-5">
        {error && <Alert tone="bad">{error === "throttled" ? t("throttled") : t("wrong")}</Alert>}
        {done === "password" && <Alert tone="good">{t("passwordSet")}</Alert>}
        {done === "reset" && <Alert tone="info">{t("resetSent")}</Alert>}
        <input type="hidden" name="csrfToken" value={csrfToken} />
        <input type="hidden" name="callbackUrl" value={goTo} />
        <TextField
          name="email"
          type="email"
          label={t("email")}
          autoComplete="username"
          defaultValue={typed}
          required
          autoFocus={!typed}
        />
        <TextField
          name="password"
          type="password"
          label={t("password")}
          autoComplete="current-password"
          required
          autoFocus={!!typed}
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

/** Where to go after signing in; what travelled inside the address to come back to is taken out of it again. */
async function unwrap({ callbackUrl, ...search }: Search) {
  const sent = await headers();
  const origin = `${sent.get("x-forwarded-proto")}://${sent.get("x-forwarded-host")}`;
  const goTo = ownTarget(callbackUrl, origin);
  if (!/^\/connexion\b/.test(goTo)) return { ...search, goTo };
  const inside = new URL(goTo, origin).searchParams;
  const wrapped = ownTarget(inside.get("callbackUrl"), origin);
  return {
    goTo: /^\/connexion\b/.test(wrapped) ? "/" : wrapped,
    error: search.error,
    done: search.done ?? inside.get("done") ?? undefined,
    asked: search.asked ?? inside.get("asked") ?? undefined,
  };
}

/** next-auth keeps `token|hash` in a cookie; the form sends the token back. */
async function csrf(): Promise<string | undefined> {
  const jar = await cookies();
  const cookie = jar.get("__Host-next-auth.csrf-token") ?? jar.get("next-auth.csrf-token");
  return cookie?.value.split("|")[0];
}
