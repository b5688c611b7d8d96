import { SearchCheck } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { DomainRecords } from "#lib/letters/dkim/domain-records";
import type { DkimDomain } from "#lib/letters/dkim/queries";
import { ActionButton } from "#ui/action-button";
import { Badge } from "#ui/badge";
import { CopyButton } from "#ui/copy-button";
import { lookUp } from "./actions";

type Props = { records: DomainRecords; keys: DkimDomain["keys"]; mayEdit: boolean };
type Checked = NonNullable<DomainRecords["checked"]>;

/** Three lines: what the domain publishes, as of the last look, and what it should. */
export function DomainPanel({ records, keys, mayEdit }: Props) {
  const t = useTranslations("dkim.records");
  const format = useFormatter();
  const { domain, hosts, free, checked } = records;
  if (free) return <p className="mb-5 max-w-2xl text-soft">{t("free", { domain })}</p>;
  return (
    <section
      aria-label={`${t("title")} (${domain})`}
      className="mb-5 flex flex-col gap-4 border-b border-line pb-5"
    >
      {checked && (
        <ul className="flex flex-col gap-4">
          <Line kind="SPF" state={checked.spf.state} verdict={checked.spf}>
            {t(`spf.${checked.spf.state}`, { hosts: hosts.join(", ") })}
          </Line>
          <Dkim keys={keys} />
          <Line kind="DMARC" state={checked.dmarc.state} verdict={checked.dmarc}>
            {t(`dmarc.${dmarcSentence(checked)}`, {
              policy: t(`policies.${checked.dmarc.policy ?? "none"}`),
            })}
          </Line>
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-3">
        {mayEdit && (
          <ActionButton
            action={lookUp}
            fields={{ domain }}
            namespace="dkim"
            done={t("done")}
            size="sm"
            icon={<SearchCheck aria-hidden />}
          >
            {t(checked ? "checkAgain" : "check")}
          </ActionButton>
        )}
        <p className="text-sm text-faint">
          {checked ? t("checkedOn", { when: format.relativeTime(checked.at) }) : t("never")}
        </p>
      </div>
    </section>
  );
}

/** The states that DMARC knows. */
const dmarcSentence = ({ dmarc: { state } }: Checked) =>
  state === "right" || state === "absent" || state === "several" || state === "unreachable"
    ? state
    : "invalid";

function Dkim({ keys }: { keys: Props["keys"] }) {
  const t = useTranslations("dkim.records");
  const signing = keys.filter(({ state }) => state === "signing");
  const lacking = keys.filter(({ state }) => state === "waiting" || state === "silent");
  const state = signing.length > 0 ? "right" : lacking.length > 0 ? "waiting" : "unsigned";
  const selectors = (signing.length > 0 ? signing : lacking).map(({ selector }) => selector).join(", ");
  return (
    <Line kind="DKIM" state={state}>
      {t(`dkim.${state}`, { selectors })}
    </Line>
  );
}

type LineProps = {
  kind: "SPF" | "DKIM" | "DMARC";
  state: Checked["spf"]["state"] | "unsigned" | "waiting";
  verdict?: Checked["spf"];
  children: ReactNode;
};

const tones = {
  right: "good",
  absent: "bad",
  several: "bad",
  invalid: "bad",
  open: "bad",
  unnamed: "warn",
  waiting: "warn",
  unknown: "info",
  unsigned: "neutral",
  unreachable: "neutral",
} as const;

function Line({ kind, state, verdict, children }: LineProps) {
  const t = useTranslations("dkim.records");
  return (
    <li className="flex flex-col items-start gap-1.5">
      <h3 className="flex flex-wrap items-center gap-x-3 gap-y-1 font-medium">
        {kind}
        <Badge tone={tones[state]} dot>
          {t(`states.${state}`)}
        </Badge>
      </h3>
      <p className="max-w-2xl text-soft">{children}</p>
      {verdict && <Texts kind={kind} verdict={verdict} />}
    </li>
  );
}

function Texts({ kind, verdict }: { kind: string; verdict: Checked["spf"] }) {
  const t = useTranslations("dkim.records");
  const { records, name, proposed } = verdict;
  const code = "font-mono text-[0.8125rem] break-all";
  return (
    <>
      <dl className="grid w-full gap-x-4 text-sm sm:grid-cols-[5rem_minmax(0,1fr)] sm:gap-y-1 [&>dd]:sm:col-start-2 [&>dt]:max-sm:mt-1.5">
        <dt className="text-faint">{t("at")}</dt>
        <dd className={code}>{name}</dd>
        <dt className="text-faint">{t("found")}</dt>
        {records.length === 0 && <dd>{t("nothing")}</dd>}
        {records.map((record) => (
          <dd key={record} className={code}>
            {record}
          </dd>
        ))}
        {proposed && (
          <>
            <dt className="text-faint">{t("publish")}</dt>
            <dd className={code}>{proposed}</dd>
          </>
        )}
      </dl>
      {proposed && <CopyButton text={proposed} label={t("copy", { kind })} />}
    </>
  );
}
