import { useTranslations } from "next-intl";
import { Badge } from "#ui/badge";
import { DescriptionList } from "#ui/description-list";
import { ServerWords } from "#ui/server-words";
import type { Tone } from "#ui/tone";

type Verdict = { verdict: string; blame: string; status: string; reason: string };

const verdicts = ["hard", "soft", "unknown"] as const;
const blames = ["recipient", "sender", "content", "network", "unknown"] as const;
const tones: Record<(typeof verdicts)[number], Tone> = { hard: "bad", soft: "warn", unknown: "neutral" };

const oneOf = <T extends string>(all: readonly T[], value: string) =>
  all.find((one) => one === value) ?? all[all.length - 1];

export function VerdictBadge({ verdict }: { verdict: string }) {
  const t = useTranslations("bounces");
  const known = oneOf(verdicts, verdict) ?? "unknown";
  return (
    <Badge tone={tones[known]} dot>
      {t(`verdicts.${known}`)}
    </Badge>
  );
}

export function useVerdictText() {
  const t = useTranslations("bounces");
  return (verdict: string) => t(`verdicts.${oneOf(verdicts, verdict) ?? "unknown"}`);
}

/** The reason in a sentence; a reason the catalog does not know yet is « non précisée ». */
export function useReasonText() {
  const t = useTranslations("bounces");
  return (reason: string) => {
    const key = `reasons.${reason}` as "reasons.unknown";
    return t.has(key) ? t(key) : t("reasons.unknown");
  };
}

/** What we conclude, whom it concerns, and the words it was drawn from. */
export function VerdictDetails({ bounce }: { bounce: Verdict & { diagnostic: string } }) {
  const t = useTranslations("bounces");
  const reasonText = useReasonText();
  const verdict = oneOf(verdicts, bounce.verdict) ?? "unknown";
  const blame = oneOf(blames, bounce.blame) ?? "unknown";
  return (
    <DescriptionList
      items={[
        { label: t("reason"), value: <strong className="font-semibold">{reasonText(bounce.reason)}</strong> },
        {
          label: t("verdict"),
          value: (
            <>
              <VerdictBadge verdict={verdict} />
              <span className="mt-1 block text-sm text-soft">{t(`verdictHints.${verdict}`)}</span>
            </>
          ),
        },
        {
          label: t("blame"),
          value: (
            <>
              {t(`blames.${blame}`)}
              <span className="block text-sm text-soft">{t(`blameHints.${blame}`)}</span>
            </>
          ),
        },
        bounce.status !== "" && {
          label: t("status"),
          value: <code className="text-sm">{bounce.status}</code>,
        },
        {
          label: t("evidence"),
          value: bounce.diagnostic ? (
            <ServerWords className="block rounded-field bg-sunken px-3 py-2">{bounce.diagnostic}</ServerWords>
          ) : (
            <span className="text-soft">{t("noEvidence")}</span>
          ),
        },
      ]}
    />
  );
}
