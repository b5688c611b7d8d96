import Link from "next/link";
import { useTranslations } from "next-intl";
import type { WaitingReason } from "#lib/letters/campaigns/waiting";
import { Alert } from "#ui/alert";
import { useWhy } from "./words";

const tones = { stopped: "warn", slow: "info", plain: "neutral" } as const;

type Props = {
  reason: WaitingReason | null;
  now: Date /** May open the relay that is named. */;
  toRelay: boolean;
};

/** Why it waits, and what to do about it. */
export function Why({ reason, now, toRelay }: Props) {
  const t = useTranslations("live");
  const say = useWhy();
  if (!reason) return null;
  return (
    <Alert tone={tones[reason.tone]}>
      {say(reason, now)}
      {toRelay && reason.relayId && (
        <>
          {" "}
          <Link
            href={`/relays/${reason.relayId}`}
            className="rounded font-medium whitespace-nowrap underline decoration-edge underline-offset-3 hover:text-brand-text"
          >
            {t("seeRelay")}
          </Link>
        </>
      )}
    </Alert>
  );
}
