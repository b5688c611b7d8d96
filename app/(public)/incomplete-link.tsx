import { getTranslations } from "next-intl/server";
import { getSettings } from "#lib/department/settings/queries";
import { MailLink } from "#ui/mail-link";
import { Sheet } from "#ui/sheet";

/** For a link of a letter that was cut or forged: nothing was done, and how else to be heard. */
export const IncompleteLink = () => <Elsewhere lost={false} />;

/** For a whole one, of a letter that a restore lost: the same, and nobody else is shown in its reader's place. */
export const LostLink = () => <Elsewhere lost />;

async function Elsewhere({ lost }: { lost: boolean }) {
  const [t, { secretariatEmail }] = [await getTranslations("unsubscribe.incomplete"), await getSettings()];
  return (
    <Sheet title={t(lost ? "lostTitle" : "title")} lead={<p>{t(lost ? "lostLead" : "lead")}</p>}>
      <p className="mb-1.5 font-medium">{t("else")}</p>
      <ul className="flex list-disc flex-col gap-1.5 ps-5 text-soft marker:text-faint">
        {!lost && <li>{t("open")}</li>}
        <li>{t(lost ? "lostAnswer" : "answer")}</li>
        {secretariatEmail && (
          <li>{t.rich("write", { link: () => <MailLink>{secretariatEmail}</MailLink> })}</li>
        )}
      </ul>
    </Sheet>
  );
}
