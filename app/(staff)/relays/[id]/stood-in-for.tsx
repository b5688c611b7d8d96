import Link from "next/link";
import { useTranslations } from "next-intl";
import type { listStoodInFor } from "#lib/letters/relays/fallbacks";
import { Card } from "#ui/card";

/** Whose mail this relay takes over when theirs cannot send. */
export function StoodInFor({ identities }: { identities: Awaited<ReturnType<typeof listStoodInFor>> }) {
  const t = useTranslations("limits.fallbacks");
  if (identities.length === 0) return null;
  return (
    <Card title={t("standsIn")}>
      <ul className="flex flex-col gap-1.5 text-[0.9375rem]">
        {identities.map(({ id, address, relayId, relay }) => (
          <li key={id} className="[overflow-wrap:anywhere]">
            <Link
              href={`/relays/${relayId}`}
              className="rounded underline decoration-edge underline-offset-3 hover:text-brand-text"
            >
              {t("standsInFor", { address, relay })}
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
