import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { leadsNowhere } from "#lib/returns/unsubscribe/link";
import { viewReader } from "#lib/returns/unsubscribe/queries";
import { Alert } from "#ui/alert";
import { CheckboxGroup } from "#ui/choice-group";
import { Form, SubmitButton } from "#ui/form";
import { HouseWords } from "#ui/house-words";
import { Sheet } from "#ui/sheet";
import { LostLink } from "../../incomplete-link";
import { savePreferences } from "../actions";
import { Refused } from "./clicks";
import { Left, Others, Paused } from "./others";

export const metadata = { robots: { index: false, follow: false }, referrer: "same-origin" as const };

type Props = {
  params: Promise<{ token?: string[] }>;
  searchParams: Promise<{ fait?: string; clics?: string }>;
};

/** Public: shows what the reader receives; the form changes it. */
export default async function PreferencesPage({ params, searchParams }: Props) {
  const [{ token }, { fait, clics }] = [await params, await searchParams];
  const link = (token ?? []).join("/");
  const view = await viewReader("preferences", link);
  if (!view) return (await leadsNowhere("preferences", link)) ? <LostLink /> : notFound();
  const refused = clics === "refus" && view.followedSince === null;
  if (view.leftAll) return <Left view={view} refused={refused} />;
  const t = await getTranslations("unsubscribe");
  const received = view.newsletters.filter(({ subscribed }) => subscribed).map(({ id }) => String(id));
  // Said of choices that stand, not of an address kept from another day.
  const saved =
    fait !== undefined && fait.split(".").filter(Boolean).sort().join() === received.toSorted().join();
  const strong = (chunks: React.ReactNode) => (
    <strong className="font-semibold text-ink [overflow-wrap:anywhere]">{chunks}</strong>
  );
  return (
    <Sheet title={t("preferencesTitle")} lead={t.rich("preferencesLead", { address: view.address, strong })}>
      {saved && (
        <Alert tone="good" title={t("saved")} className="mb-5">
          {t("savedText")}
        </Alert>
      )}
      <Paused view={view} />
      {refused && <Refused />}
      <Form action={savePreferences} namespace="unsubscribe" key={received.join()}>
        <input type="hidden" name="token" value={view.token} />
        <CheckboxGroup
          name="topics[]"
          legend={t("newsletters")}
          legendHidden
          choices={view.newsletters.map(({ id, name, description }) => ({
            value: String(id),
            label: <HouseWords>{name}</HouseWords>,
            hint: description && <HouseWords>{description}</HouseWords>,
          }))}
          defaultValue={received}
          cards
          className="[&>div]:sm:grid-cols-1"
        />
        <p className="text-sm text-soft">{t("nothing")}</p>
        <SubmitButton className="w-full">{t("save")}</SubmitButton>
      </Form>
      <Others view={view} refused={refused} />
    </Sheet>
  );
}
