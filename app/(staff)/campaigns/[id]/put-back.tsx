import { useTranslations } from "next-intl";
import { Alert } from "#ui/alert";
import { useStopReason } from "./stop-reason";

/** One given up whose figures do not add up. */
export function Held({ reason }: { reason: string | null }) {
  const say = useStopReason();
  return reason && <Alert tone="bad">{say(reason)}</Alert>;
}

/** A draft whose launch could not happen says why. */
export function PutBack({ reason }: { reason: string | null }) {
  const t = useTranslations("campaigns.page");
  const say = useStopReason();
  if (!reason) return null;
  return (
    <Alert tone="warn" className="mb-5">
      {reason === "restored" ? t("mayHaveLeft") : t("putBack", { reason: say(reason) })}
    </Alert>
  );
}
