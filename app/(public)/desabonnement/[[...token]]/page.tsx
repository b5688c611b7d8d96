import Link from "next/link";
import { notFound } from "next/navigation";
import { useTranslations } from "next-intl";
import { leadsNowhere } from "#lib/returns/unsubscribe/link";
import { type ReaderView, viewReader } from "#lib/returns/unsubscribe/queries";
import { Alert } from "#ui/alert";
import { RadioGroup } from "#ui/choice-group";
import { Form, SubmitButton } from "#ui/form";
import { HouseWords } from "#ui/house-words";
import { Sheet } from "#ui/sheet";
import { LostLink } from "../../incomplete-link";
import { resubscribe, unsubscribe } from "../actions";

export const metadata = { robots: { index: false, follow: false }, referrer: "same-origin" as const };

type Props = { params: Promise<{ token?: string[] }> };
type State = { view: ReaderView };

/**
 * Public: shows, and acts only when the form is sent (mail scanners open every link). What it says was done is what the
 * database says of this reader now, however old the address in the bar is.
 */
export default async function UnsubscribePage({ params }: Props) {
  const { token } = await params;
  const link = (token ?? []).join("/");
  const view = await viewReader("unsubscribe", link);
  if (!view) return (await leadsNowhere("unsubscribe", link)) ? <LostLink /> : notFound();
  return view.leftAll || view.leftTopic ? <Left view={view} /> : <Choose view={view} />;
}

function Choose({ view }: State) {
  const t = useTranslations("unsubscribe");
  const { address, topic } = view;
  const everything = { value: "all", label: t("everything"), hint: t("everythingHint") };
  const choices = topic
    ? [
        { value: "topic", label: t.rich("onlyTopic", { topic: topic.name, name }), hint: t("onlyTopicHint") },
        everything,
      ]
    : [everything];
  return (
    <Sheet title={t("title")} lead={t.rich("lead", { address, strong })}>
      {view.cameBack && (
        <Alert tone="good" className="mb-5">
          {t("undone")}
        </Alert>
      )}
      <Form action={unsubscribe} namespace="unsubscribe">
        <input type="hidden" name="token" value={view.token} />
        <RadioGroup
          name="scope"
          legend={t("choice")}
          legendHidden
          choices={choices}
          defaultValue={topic ? "topic" : "all"}
          cards
          className="[&>div]:sm:grid-cols-1"
        />
        <SubmitButton className="w-full">{t("submit")}</SubmitButton>
      </Form>
      <More view={view} />
    </Sheet>
  );
}

function Left({ view }: State) {
  const t = useTranslations("unsubscribe");
  const { address, topic, leftAll } = view;
  const scope = leftAll ? "all" : "topic";
  return (
    <Sheet
      title={t("leftTitle")}
      lead={
        leftAll
          ? t.rich("leftAll", { address, strong })
          : t.rich("leftTopic", { address, topic: topic?.name ?? "", name, strong })
      }
    >
      <p className="mb-6 text-soft">{t("leftNote")}</p>
      <Form action={resubscribe} namespace="unsubscribe" className="gap-2!">
        <input type="hidden" name="token" value={view.token} />
        <input type="hidden" name="scope" value={scope} />
        <p className="text-sm font-medium">{t("undoLead")}</p>
        <SubmitButton variant="secondary" className="w-full">
          {t("undo")}
        </SubmitButton>
      </Form>
      {!leftAll && (
        <Form action={unsubscribe} namespace="unsubscribe" className="mt-3">
          <input type="hidden" name="token" value={view.token} />
          <input type="hidden" name="scope" value="all" />
          <SubmitButton variant="ghost" className="w-full">
            {t("alsoAll")}
          </SubmitButton>
        </Form>
      )}
      <More view={view} />
    </Sheet>
  );
}

function More({ view }: State) {
  const t = useTranslations("unsubscribe");
  return (
    <p className="mt-5 text-center">
      <Link
        href={`/preferences/${encodeURIComponent(view.preferencesToken)}`}
        className="inline-flex min-h-11 items-center rounded text-sm text-soft underline underline-offset-3 hover:text-ink"
      >
        {t("toPreferences")}
      </Link>
    </p>
  );
}

const name = (chunks: React.ReactNode) => <HouseWords>{chunks}</HouseWords>;

const strong = (chunks: React.ReactNode) => (
  <strong className="font-semibold text-ink [overflow-wrap:anywhere]">{chunks}</strong>
);
