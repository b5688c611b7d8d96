import { CalendarClock } from "lucide-react";
import { useTranslations } from "next-intl";
import { wallClock } from "#lib/machine/paris";
import { Form, SubmitButton } from "#ui/form";
import { DateTimeField } from "#ui/text-field";
import { schedule } from "../../actions";

export function Schedule({ id, seen }: { id: number; seen: number }) {
  const t = useTranslations("campaigns.review");
  return (
    <Form
      action={schedule}
      namespace="campaigns"
      done={t("scheduled")}
      aria-label={t("scheduleTitle")}
      className="gap-3 border-t border-line pt-4"
    >
      <h3 className="font-medium">{t("scheduleTitle")}</h3>
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="seen" value={seen} />
      <div className="flex flex-wrap items-end gap-3">
        <DateTimeField
          name="at"
          label={t("scheduleAt")}
          min={wallClock(new Date())}
          required
          className="flex-1 basis-64"
        />
        <SubmitButton variant="secondary" icon={<CalendarClock aria-hidden />}>
          {t("schedule")}
        </SubmitButton>
      </div>
      <p className="text-[0.8125rem] text-faint">{t("scheduleHint")}</p>
    </Form>
  );
}
