import { KeyRound } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { RelayOauthDetail } from "#lib/letters/relays/oauth-queries";
import { ActionButton } from "#ui/action-button";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { CopyButton } from "#ui/copy-button";
import { connect } from "./oauth/actions";

const tones = { connected: "good", waiting: "warn", revoked: "bad" } as const;

/** Whether the account's owner agreed, and the button that asks. */
export function AccountCard({ relayId, oauth }: { relayId: number; oauth: RelayOauthDetail }) {
  const t = useTranslations("oauth");
  const format = useFormatter();
  const { state, username, connectedAt, redirectUri } = oauth;
  const when = connectedAt ? format.dateTime(connectedAt, { dateStyle: "long" }) : "";
  const texts = {
    connected: t("renewText"),
    waiting: t("waitingText", { username }),
    revoked: t("revokedText", { username }),
  };
  return (
    <Card title={t("account")} description={t("accountText")}>
      <div className="flex flex-col items-start gap-4">
        <div className="flex flex-col items-start gap-2">
          <Badge tone={tones[state]} dot>
            {state === "connected" ? t("connected", { when }) : t(state)}
          </Badge>
          <p className="text-soft [overflow-wrap:anywhere]">{texts[state]}</p>
        </div>
        <ActionButton
          action={connect}
          fields={{ id: relayId }}
          namespace="oauth"
          variant={state === "connected" ? "secondary" : "primary"}
          icon={<KeyRound aria-hidden />}
        >
          {connectedAt ? t("reconnect") : t("connect")}
        </ActionButton>
        <div className="flex w-full flex-col items-start gap-1.5 border-t border-line pt-3">
          <p className="text-sm text-faint">{t("redirect")}</p>
          <p className="font-mono text-[0.8125rem] [overflow-wrap:anywhere]">{redirectUri}</p>
          <CopyButton text={redirectUri} label={t("copyRedirect")} />
        </div>
      </div>
    </Card>
  );
}
