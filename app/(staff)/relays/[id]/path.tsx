import { Check, Send } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { findTrial, RelayDetail } from "#lib/letters/relays/queries";
import { ActionButton } from "#ui/action-button";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { cx } from "../../../_ui/class";
import { attempt } from "../actions";
import { CheckForm } from "../check-form";

type Props = {
  relay: RelayDetail;
  /** A relay that signs in with a token and has none yet. */
  unconnected: boolean;
  trial: Awaited<ReturnType<typeof findTrial>>;
  /** Where the trial message goes: whoever reads this. */
  email: string;
  mayEdit: boolean;
};

type Step = {
  key: "account" | "test" | "identity" | "trial";
  done: boolean;
  text: ReactNode;
  act?: ReactNode;
};

/** What is left to do before a relay serves: one thing at a time, and what was done stays in view. */
export function Path(props: Props) {
  const t = useTranslations("relays.path");
  const steps = useSteps(props);
  const next = steps.findIndex(({ done }) => !done);
  return (
    <Card title={t("title")} description={t("text")}>
      <ol className="flex flex-col gap-5">
        {steps.map(({ key, done, text, act }, i) => (
          <li key={key} aria-current={i === next ? "step" : undefined} className="flex gap-4">
            <Mark n={i + 1} done={done} current={i === next} />
            <div className="flex min-w-0 flex-1 flex-col items-start gap-2 pt-0.5">
              <p className={i > next ? "font-medium text-faint" : "font-medium"}>
                {t(key)}
                <span className="ms-2 text-[0.8125rem] font-normal text-faint">
                  {done ? t("done") : i === next ? t("next") : t("later")}
                </span>
              </p>
              {(done || i === next) && <p className="text-sm text-soft [overflow-wrap:anywhere]">{text}</p>}
              {i === next && props.mayEdit && act}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function useSteps({ relay, unconnected, trial, email }: Props): Step[] {
  const t = useTranslations("relays.path");
  const format = useFormatter();
  const [identity] = relay.identities;
  return [
    { key: "account", done: !unconnected, text: unconnected ? t("accountConnect") : t("accountText") },
    {
      key: "test",
      done: relay.testedAt !== null,
      text: relay.testedAt
        ? t("testDone", { at: format.dateTime(relay.testedAt, { dateStyle: "long", timeStyle: "short" }) })
        : t("testText"),
      act: <CheckForm id={relay.id} hasImap={relay.mailbox !== null} />,
    },
    {
      key: "identity",
      done: identity !== undefined,
      text: identity ? t("identityDone", { address: identity.address }) : t("identityText"),
    },
    {
      key: "trial",
      done: relay.triedAt !== null,
      text: t("trialText", { email }),
      act: <Trial id={relay.id} trial={trial} />,
    },
  ];
}

function Trial({ id, trial }: { id: number; trial: Props["trial"] }) {
  const t = useTranslations("relays.path");
  const waiting = trial?.status === "queued" || trial?.status === "sending";
  return (
    <>
      {waiting && <Alert tone="info">{t("trialWaiting")}</Alert>}
      {trial?.status === "unknown" && <Alert tone="warn">{t("trialUnknown")}</Alert>}
      {trial?.status === "failed" && <Alert tone="bad">{t("trialFailed")}</Alert>}
      {!waiting && (
        <ActionButton
          action={attempt}
          fields={{ id }}
          namespace="relays"
          done={t("trialAsked")}
          variant="primary"
          icon={<Send aria-hidden />}
        >
          {t("trialDo")}
        </ActionButton>
      )}
    </>
  );
}

function Mark({ n, done, current }: { n: number; done: boolean; current: boolean }) {
  return (
    <span
      aria-hidden
      className={cx(
        "nums flex size-8 shrink-0 items-center justify-center rounded-full border text-sm font-semibold",
        done && "border-transparent bg-good-soft text-good",
        current && "border-transparent bg-brand text-on-brand",
        !done && !current && "border-edge text-faint",
      )}
    >
      {done ? <Check className="size-4" /> : n}
    </span>
  );
}
