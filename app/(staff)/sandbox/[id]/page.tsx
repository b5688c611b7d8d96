import { notFound } from "next/navigation";
import { useFormatter, useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import type { Parts } from "#lib/letters/sandbox/parts";
import { readSandboxMessage } from "#lib/letters/sandbox/queries";
import { idOf } from "#lib/machine/asked";
import { Alert } from "#ui/alert";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { DescriptionList } from "#ui/description-list";
import { PageHeader } from "#ui/page-header";
import { TabLinks } from "#ui/tab-links";

type Message = NonNullable<Awaited<ReturnType<typeof readSandboxMessage>>>;

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ view?: string }> };

export default async function SandboxMessagePage({ params, searchParams }: Props) {
  const [{ id }, { view }] = [await params, await searchParams];
  const user = await gate("sandbox.read", `/sandbox/${id}`);
  const readable = may(user.role, "secrets.read");
  const message = await readSandboxMessage(idOf(id) ?? 0, readable);
  if (!message) notFound();
  const t = await getTranslations("sandbox");
  const folder = message.folder === "inbox" ? "inbox" : "sent";
  return (
    <>
      <PageHeader
        title={message.subject || t("noSubject")}
        breadcrumbs={[{ label: t("title"), href: folder === "inbox" ? "/sandbox?folder=inbox" : "/sandbox" }]}
        aside={<Badge tone={folder === "sent" ? "brand" : "info"}>{t(`folders.${folder}`)}</Badge>}
      />
      <div className="flex flex-col gap-6">
        <Envelope message={message} />
        {message.parts.hidden && (
          <Alert tone="info" title={t("hidden")}>
            {t("hiddenText")}
          </Alert>
        )}
        <Views parts={message.parts} asked={view} />
      </div>
    </>
  );
}

function Envelope({ message }: { message: Message }) {
  const t = useTranslations("sandbox");
  const format = useFormatter();
  return (
    <Card>
      <DescriptionList
        items={[
          { label: t("from"), value: message.envelopeFrom },
          { label: t("to"), value: message.recipient },
          {
            label: t("date"),
            value: format.dateTime(message.receivedAt, { dateStyle: "full", timeStyle: "medium" }),
          },
        ]}
      />
    </Card>
  );
}

const views = ["html", "text", "headers", "source"] as const;

function Views({ parts, asked }: { parts: Parts; asked?: string }) {
  const t = useTranslations("sandbox");
  const shown = views.find((view) => view === asked) ?? (parts.html ? "html" : "text");
  const links = views.map((view) => ({
    href: `?view=${view}`,
    label: t(`views.${view}`),
    current: view === shown,
  }));
  return (
    <Card>
      <TabLinks label={t("viewsLabel")} links={links} />
      {shown === "html" && <Rendered html={parts.html} />}
      {shown === "text" &&
        (parts.text ? <Plain text={parts.text} /> : <p className="text-soft">{t("noText")}</p>)}
      {shown === "headers" && <HeaderTable headers={parts.headers} />}
      {shown === "source" && <Plain text={parts.source} />}
    </Card>
  );
}

/** No script, no form, no navigation of this page: a mail from anywhere is shown as it came. */
function Rendered({ html }: { html: string }) {
  const t = useTranslations("sandbox");
  if (!html) return <p className="text-soft">{t("noHtml")}</p>;
  return (
    <iframe
      title={t("frame")}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      srcDoc={`<base target="_blank">${html}`}
      className="h-[70vh] min-h-96 w-full rounded-field border border-line bg-white"
    />
  );
}

const Plain = ({ text }: { text: string }) => (
  <pre className="rounded-field bg-sunken p-4 text-[0.8125rem] leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]">
    {text}
  </pre>
);

function HeaderTable({ headers }: { headers: Parts["headers"] }) {
  return (
    <dl className="divide-y divide-line text-[0.875rem]">
      {headers.map(({ n, name, value }) => (
        <div key={n} className="grid gap-x-4 py-1.5 sm:grid-cols-[14rem_1fr]">
          <dt className="font-medium">{name}</dt>
          <dd className="text-soft [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
