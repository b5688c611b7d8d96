import { Paperclip } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { formatBytes } from "#lib/machine/format";
import type { Contents } from "#lib/returns/received/enclosed";
import { framed } from "#lib/returns/received/layout";
import { cx } from "#ui/class";

/** Characters of a layout that want more than a few lines. */
const LONG = 1_500;

const link = "text-brand-text underline underline-offset-3";

/** A mail as its sender laid it out: a sheet that nothing leaves and nothing is fetched for. */
export function MailLayout({ layout }: { layout: NonNullable<Contents["layout"]> }) {
  const t = useTranslations("received.contents");
  const locale = useLocale();
  return (
    <div className="flex flex-col gap-2">
      <iframe
        title={t("frame")}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        srcDoc={framed(layout.html, t("frame"), locale)}
        className={cx(
          "min-h-64 w-full resize-y rounded-field border border-line bg-white",
          layout.html.length > LONG ? "h-[60vh]" : "h-64",
        )}
      />
      {layout.pictures > 0 && <p className="text-sm text-soft">{t("pictures", { n: layout.pictures })}</p>}
    </div>
  );
}

/** From the words to the layout and back. `href`: of the other one. */
export function LayoutSwitch({ shown, href }: { shown: boolean; href: string }) {
  const t = useTranslations("received.contents");
  return (
    <p className="mt-3 text-sm">
      <Link href={href} scroll={false} className={link}>
        {t(shown ? "asText" : "asLayout")}
      </Link>
    </p>
  );
}

/** What came with it; what is not given says why. */
export function ReceivedFiles({ mailId, files }: { mailId: number; files: Contents["files"] }) {
  const t = useTranslations("received.contents");
  const locale = useLocale();
  if (files.length === 0) return null;
  return (
    <ul aria-label={t("files")} className="mt-3 flex flex-col gap-1">
      {files.map(({ n, name, size, refused }) => (
        <li key={n} className="flex min-w-0 flex-wrap items-center gap-x-2 text-sm">
          <Paperclip aria-hidden className="size-4 shrink-0 text-faint" />
          {refused ? (
            <span className="min-w-0 [overflow-wrap:anywhere]">{name}</span>
          ) : (
            <a
              href={`/received/${mailId}/files/${n}`}
              download
              className={`${link} min-w-0 [overflow-wrap:anywhere]`}
            >
              {name}
            </a>
          )}
          <span className="text-faint">{refused ? t(refused) : formatBytes(size, locale)}</span>
        </li>
      ))}
    </ul>
  );
}
