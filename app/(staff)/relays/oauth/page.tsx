import { KeyRound } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { findAuthorization } from "#lib/letters/relays/authorization";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { finish } from "./actions";

type Search = Record<"state" | "code" | "error", string | string[] | undefined>;

/** Where the provider sends the browser back. Nothing happens before somebody confirms. */
export default async function AuthorizationPage({ searchParams }: { searchParams: Promise<Search> }) {
  const search = await searchParams;
  const { state, code, error } = one(search);
  const user = await gate("relays.edit", `/relays/oauth?${new URLSearchParams({ state, code, error })}`);
  const [relay, t, r] = await Promise.all([
    findAuthorization(state, user.id),
    getTranslations("oauth"),
    getTranslations("relays"),
  ]);
  const good = relay && code !== "" && error === "";
  return (
    <>
      <PageHeader
        title={good ? t("confirmTitle") : error ? t("deniedTitle") : t("staleTitle")}
        lead={good ? t("confirmLead") : undefined}
        breadcrumbs={[{ label: r("title"), href: "/relays" }]}
      />
      {good ? (
        <Card className="max-w-2xl">
          <Form action={finish} namespace="oauth" done={t("connectedDone")}>
            <input type="hidden" name="state" value={state} />
            <input type="hidden" name="code" value={code} />
            <p className="[overflow-wrap:anywhere]">
              {t("confirmText", { relay: relay.name, username: relay.username })}
            </p>
            <FormActions>
              <SubmitButton icon={<KeyRound aria-hidden />}>
                {t("confirm", { username: relay.username })}
              </SubmitButton>
              <LinkButton href={`/relays/${relay.id}`}>{r("open")}</LinkButton>
            </FormActions>
          </Form>
        </Card>
      ) : (
        <Alert tone="warn" className="max-w-2xl">
          <p className="mb-3">{error ? t("deniedText", { error: error.slice(0, 80) }) : t("staleText")}</p>
          <LinkButton href={relay ? `/relays/${relay.id}` : "/relays"}>{t("toRelays")}</LinkButton>
        </Alert>
      )}
    </>
  );
}

/** A parameter given twice is none of the provider's. */
const one = ({ state, code, error }: Search) => ({
  state: text(state),
  code: text(code),
  error: text(error),
});
const text = (value: string | string[] | undefined) => (typeof value === "string" ? value : "");
