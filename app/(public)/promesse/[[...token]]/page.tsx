import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { getSettings } from "#lib/department/settings/queries";
import { formatSiret } from "#lib/people/organisations/rules";
import { viewPromise } from "#lib/tax/promises/queries";
import { sayShare } from "#lib/tax/promises/rules";
import { Form, SubmitButton } from "#ui/form";
import { LinkButton } from "#ui/link-button";
import { Sheet } from "#ui/sheet";
import { confirm } from "../../taxe/actions";

export const metadata = { robots: { index: false, follow: false }, referrer: "same-origin" as const };

type Props = { params: Promise<{ token?: string[] }> };

/**
 * Public: what was promised, and its confirmation. Mail scanners open every link: only the form acts. Without a token, what
 * whoever has just promised must do next.
 */
export default async function PromisePage({ params }: Props) {
  const token = ((await params).token ?? []).join("/");
  const [t, locale] = [await getTranslations("tax.promise"), await getLocale()];
  if (token === "")
    return (
      <Sheet title={t("sentTitle")}>
        <p>{t("sentText")}</p>
      </Sheet>
    );
  const view = await viewPromise(token);
  if (!view) notFound();
  const { name } = await getSettings();
  const said = t("confirmText", {
    company: view.company,
    siret: formatSiret(view.siret),
    share: sayShare(view.share, locale),
    department: name,
    year: String(view.campaignYear),
  });
  const guide = await getTranslations("tax.simulator");
  return (
    <Sheet title={t(view.confirmed ? "doneTitle" : "confirmTitle")} lead={said}>
      {view.confirmed ? (
        <>
          <p className="mb-5">{t("doneText")}</p>
          <LinkButton href="/taxe/soltea">{guide("guide")}</LinkButton>
        </>
      ) : (
        <Form action={confirm} namespace="tax">
          <input type="hidden" name="token" value={token} />
          <SubmitButton className="w-full">{t("confirm")}</SubmitButton>
        </Form>
      )}
    </Sheet>
  );
}
