import { useTranslations } from "next-intl";

type Loose = { (key: string): string; has(key: string): boolean };

/** The sentence of a reason, wherever it is from: our refusals, our exclusions, or the servers’ replies. */
export function useStopReason(): (reason: string) => string {
  const t = useTranslations() as unknown as Loose;
  return (reason) => {
    const keys = [
      `campaigns.errors.${reason}`,
      `campaigns.reasons.${reason}`,
      `deliveries.reasons.${reason}`,
      `bounces.reasons.${reason}`,
    ];
    const found = keys.find((key) => t.has(key));
    return found ? t(found) : reason;
  };
}
