import { useTranslations } from "next-intl";
import { markKeys } from "#lib/letters/sandbox/marks";
import { Card } from "#ui/card";

/** What each marked address provokes. */
export function HowTo() {
  const t = useTranslations("sandbox");
  const code = (chunks: React.ReactNode) => (
    <code className="rounded bg-sunken px-1.5 py-0.5 text-[0.875em] [overflow-wrap:anywhere]">{chunks}</code>
  );
  return (
    <Card title={t("howTitle")}>
      <p className="max-w-3xl text-soft">{t.rich("howText", { code })}</p>
      <dl className="mt-4 grid gap-x-8 sm:grid-cols-2">
        {markKeys.map((key) => (
          <div key={key} className="border-t border-line py-2.5">
            <dt className="font-mono text-[0.875rem] font-medium">+{key}</dt>
            <dd className="text-[0.9375rem] text-soft">{t(`marks.${key}`)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
