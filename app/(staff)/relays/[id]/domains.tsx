import { Eraser, Pencil, Plus, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { RelayLive } from "#lib/letters/relays/live";
import { ActionButton } from "#ui/action-button";
import { Card } from "#ui/card";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Table } from "#ui/table";
import { TextField } from "#ui/text-field";
import { useMoment } from "../../_live/words";
import { forgetDomain, keepDomain, removeDomain } from "./actions";

type Props = { live: RelayLive; mayEdit: boolean };
type Domain = RelayLive["domains"][number];

/** Limits towards one domain of recipients, set by people or asked for by its server. */
export function DomainsCard({ live, mayEdit }: Props) {
  const t = useTranslations("limits.domains");
  // A slow-down that is over and left no limit is nothing to show.
  const domains = live.domains.filter((one) => limited(one) || slowed(one, live.now));
  return (
    <Card title={t("title")} description={t("text")} flush actions={mayEdit && <DomainDialog id={live.id} />}>
      <Table
        caption={t("caption")}
        rows={domains}
        rowKey={({ domain }) => domain}
        empty={<p className="px-5 pb-5 text-soft">{t("empty")}</p>}
        columns={[
          {
            key: "domain",
            label: t("domain"),
            heading: true,
            cell: ({ domain }) => <span className="[overflow-wrap:anywhere]">{domain}</span>,
          },
          { key: "limits", label: t("limits"), cell: (domain) => <Limits domain={domain} now={live.now} /> },
          {
            key: "acts",
            label: t("acts"),
            labelHidden: true,
            cell: (domain) => mayEdit && <Acts id={live.id} domain={domain} now={live.now} />,
          },
        ]}
      />
    </Card>
  );
}

const limited = ({ perMinute, perHour, perDay }: Domain) => (perMinute ?? perHour ?? perDay) !== null;
const slowed = ({ slowUntil }: Domain, now: Date) => slowUntil !== null && slowUntil > now;

function Limits({ domain, now }: { domain: Domain; now: Date }) {
  const t = useTranslations("limits.domains");
  const moment = useMoment();
  const { perMinute, perHour, perDay, learnedPerMinute, slowUntil } = domain;
  const set = [
    perMinute !== null && t("perMinute", { count: perMinute }),
    perHour !== null && t("perHour", { count: perHour }),
    perDay !== null && t("perDay", { count: perDay }),
  ].filter((one) => typeof one === "string");
  return (
    <div>
      {set.length > 0 && <p>{set.join(" · ")}</p>}
      {slowUntil && slowed(domain, now) && (
        <p className="text-sm text-warn">
          {t("learned", { count: learnedPerMinute ?? 1, until: moment("until", slowUntil, now) })}
        </p>
      )}
    </div>
  );
}

function Acts({ id, domain, now }: { id: number; domain: Domain; now: Date }) {
  const t = useTranslations("limits.domains");
  const name = { domain: domain.domain };
  const act = { fields: { id, ...name }, namespace: "limits", variant: "ghost", size: "sm" } as const;
  return (
    <div className="flex flex-wrap items-center justify-end gap-1 sm:flex-nowrap">
      {slowed(domain, now) && (
        <ActionButton
          {...act}
          action={forgetDomain}
          done={t("forgotten")}
          aria-label={t("forget", name)}
          icon={<Eraser aria-hidden />}
        >
          {t("forgetShort")}
        </ActionButton>
      )}
      <DomainDialog id={id} domain={domain} />
      {limited(domain) && (
        <ActionButton
          {...act}
          action={removeDomain}
          done={t("removed")}
          aria-label={t("remove", name)}
          icon={<Trash2 aria-hidden />}
        />
      )}
    </div>
  );
}

function DomainDialog({ id, domain }: { id: number; domain?: Domain }) {
  const t = useTranslations("limits");
  const title = domain ? t("domains.editOf", { domain: domain.domain }) : t("domains.add");
  const trigger = domain
    ? { label: title, icon: <Pencil aria-hidden />, iconOnly: true }
    : { label: title, icon: <Plus aria-hidden />, size: "sm" as const };
  const limits = ["perMinute", "perHour", "perDay"] as const;
  return (
    <Dialog trigger={trigger} title={title}>
      <Form action={keepDomain} namespace="limits" done={t("domains.saved")} resets={!domain}>
        <input type="hidden" name="id" value={id} />
        {domain ? (
          <input type="hidden" name="domain" value={domain.domain} />
        ) : (
          <TextField
            name="domain"
            label={t("domains.domain")}
            hint={t("domains.domainHint")}
            autoComplete="off"
            spellCheck={false}
            required
          />
        )}
        <div className="grid gap-5 sm:grid-cols-3">
          {limits.map((name) => (
            <TextField
              key={name}
              name={name}
              type="number"
              min={1}
              inputMode="numeric"
              label={t(name)}
              hint={t("emptyHint")}
              defaultValue={domain?.[name] ?? ""}
            />
          ))}
        </div>
        <FormActions>
          <SubmitButton>{t("domains.save")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}
