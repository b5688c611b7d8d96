import { notFound } from "next/navigation";
import { getLocale, getMessages, getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { isHelpPage } from "#lib/office/help/pages";
import { PageHeader } from "#ui/page-header";
import { PrintButton } from "#ui/print-button";
import { Prose } from "#ui/prose";

/** `picture`: what its picture shows, in words; e2e/help-pictures.ts takes them. */
type Section = { title: string; text: string; picture?: string };

export default async function HelpArticle({ params }: { params: Promise<{ page: string }> }) {
  const { page } = await params;
  await gate("help.read", `/help/${page}`);
  if (!isHelpPage(page)) notFound();
  const t = await getTranslations("help");
  const [{ help }, locale] = [await getMessages(), await getLocale()];
  const sections = Object.entries(help.pages[page].sections as Record<string, Section>);
  return (
    <>
      <PageHeader
        title={t(`pages.${page}.title`)}
        lead={t(`pages.${page}.summary`)}
        breadcrumbs={[{ label: t("back"), href: "/help" }]}
        actions={<PrintButton label={t("print")} />}
      />
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_14rem]">
        <article className="flex flex-col gap-8">
          {sections.map(([id, section]) => (
            <section key={id} id={id} aria-labelledby={`${id}-title`} className="scroll-mt-20">
              <h2 id={`${id}-title`} className="mb-2 font-display text-xl font-semibold">
                {section.title}
              </h2>
              <Prose text={section.text} />
              {section.picture && (
                // biome-ignore lint/performance/noImgElement: a file of its final size; nothing scales it.
                <img
                  src={`/help/${locale}/${page}-${id}.webp`}
                  alt={section.picture}
                  className="mt-4 h-auto w-full max-w-2xl rounded-card border border-line"
                />
              )}
            </section>
          ))}
        </article>
        <nav aria-label={t("onThisPage")} className="sticky top-8 border-s border-line ps-4 max-lg:hidden">
          <p className="mb-1 text-sm font-medium">{t("onThisPage")}</p>
          <ul>
            {sections.map(([id, section]) => (
              <li key={id}>
                <a href={`#${id}`} className="block rounded py-1 text-sm text-faint hover:text-ink">
                  {section.title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </>
  );
}
