import { useLocale, useTranslations } from "next-intl";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { formatDate } from "#lib/machine/format";
import { correctionFields } from "#lib/returns/corrections/schema";
import type { ReaderView } from "#lib/returns/unsubscribe/queries";
import { listWhys } from "#lib/returns/unsubscribe/why";
import { Alert } from "#ui/alert";
import { Form, SubmitButton } from "#ui/form";
import { Sheet } from "#ui/sheet";
import { TextArea, TextField } from "#ui/text-field";
import { comeBack, correct, pause, resume, stopAll } from "../actions";
import { Act, fold, summary } from "./act";
import { Clicks, Refused } from "./clicks";

type Props = { view: ReaderView };

const strong = (chunks: ReactNode) => (
  <strong className="font-semibold text-ink [overflow-wrap:anywhere]">{chunks}</strong>
);

/** Whoever stopped everything: said because it stands, with its undo. */
export function Left({ view, refused }: Props & { refused: boolean }) {
  const t = useTranslations("unsubscribe");
  return (
    <Sheet title={t("leftTitle")} lead={t.rich("leftAll", { address: view.address, strong })}>
      {refused && <Refused />}
      <p className="mb-6 text-soft">{t("leftNote")}</p>
      <p className="mb-2 text-sm font-medium">{t("undoLead")}</p>
      <Act view={view} action={comeBack} label={t("undo")} />
      <Others view={view} left refused={refused} />
    </Sheet>
  );
}

/** Until when nothing comes, and its undo. */
export function Paused({ view }: Props) {
  const t = useTranslations("unsubscribe.pause");
  const locale = useLocale();
  if (view.pausedUntil === null) return null;
  return (
    <div className="mb-5 flex flex-col gap-3">
      <Alert tone="good" title={t("stands", { date: formatDate(view.pausedUntil, locale) })}>
        {t("standsText")}
      </Alert>
      <Act view={view} action={resume} label={t("resume")} />
    </div>
  );
}

/** What else one may want than to choose letters: less for a while, nothing at all, the truth about oneself. */
export function Others({ view, refused, left = false }: Props & { refused: boolean; left?: boolean }) {
  const t = useTranslations("unsubscribe");
  return (
    <div className="mt-6 flex flex-col gap-2 border-t border-line pt-5">
      {!left && view.known && view.pausedUntil === null && (
        <Act view={view} action={pause} label={t("pause.ask")} />
      )}
      {!left && <Act view={view} action={stopAll} label={t("toUnsubscribe")} quiet />}
      {view.known && <Clicks view={view} asks={!left} open={refused} />}
      {view.known && <Correct view={view} />}
      <Why view={view} />
    </div>
  );
}

function Correct({ view }: Props) {
  const t = useTranslations("unsubscribe.correct");
  return (
    <details className={fold}>
      <summary className={summary}>{t("title")}</summary>
      <p className="mb-4 text-sm text-soft">{t("lead")}</p>
      <Form action={correct} namespace="unsubscribe" done={t("sent")} resets className="pb-4">
        <input type="hidden" name="token" value={view.token} />
        {correctionFields.map((name) => (
          <TextField
            key={name}
            name={name}
            type={name === "email" ? "email" : name === "phone" ? "tel" : "text"}
            label={t(`fields.${name}`)}
            autoComplete="off"
          />
        ))}
        <TextArea name="note" label={t("fields.note")} rows={2} />
        <SubmitButton variant="secondary" className="w-full">
          {t("send")}
        </SubmitButton>
      </Form>
    </details>
  );
}

async function Why({ view }: Props) {
  const t = await getTranslations("unsubscribe.why");
  const locale = (await getLocale()) === "en" ? "en" : "fr";
  const received = view.newsletters.filter(({ subscribed }) => subscribed).map(({ id }) => id);
  const whys = await listWhys(view.deliveryId, received, locale);
  return (
    <details className={fold}>
      <summary className={summary}>{t("title")}</summary>
      {whys.length === 0 ? (
        <p className="pb-4 text-sm text-soft">{t(view.known ? "nothing" : "forgotten")}</p>
      ) : (
        <ul className="flex flex-col gap-2 pb-4 text-sm text-soft">
          {whys.map((why) => (
            <li key={why}>{why}</li>
          ))}
        </ul>
      )}
    </details>
  );
}
