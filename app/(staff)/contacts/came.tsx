"use client";
import { CalendarCheck } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { formatDate } from "#lib/machine/format";
import type { Event } from "#lib/people/activities/came";
import { Button } from "#ui/button";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { TextField } from "#ui/text-field";
import { came, takeBack } from "./actions";

/** `events`: what others came to lately. */
type Props = { contacts: readonly number[]; events: readonly Event[] };

/** Writes down that these people came to something, on a day. */
export function Came({ contacts, events }: Props) {
  const t = useTranslations("contacts.came");
  // Stays for the next person who came to the same.
  const [told, tell] = useState<Event>({ event: "", on: "" });
  const count = contacts.length;
  return (
    <Dialog
      trigger={{ label: t("open", { count }), icon: <CalendarCheck aria-hidden /> }}
      title={t("title", { count })}
    >
      <Form action={came} undo={takeBack} namespace="contacts" done={t("done", { count })}>
        <input type="hidden" name="contacts" value={contacts.join(",")} />
        <Fields events={events} told={told} tell={tell} />
        <FormActions>
          <SubmitButton>{t("save")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}

type FieldsProps = { events: readonly Event[]; told: Event; tell: (event: Event) => void };

/** A click fills both in. */
function Fields({ events, told, tell }: FieldsProps) {
  const t = useTranslations("contacts.came");
  const locale = useLocale();
  return (
    <>
      {events.length > 0 && (
        <fieldset aria-label={t("lately")} className="flex flex-wrap gap-2">
          {events.map((one) => (
            <Button
              key={`${one.event} ${one.on}`}
              size="sm"
              className="max-w-full text-start whitespace-normal!"
              onClick={() => tell(one)}
            >
              {t("event", { event: one.event, date: dayOf(one.on, locale) })}
            </Button>
          ))}
        </fieldset>
      )}
      <TextField
        name="event"
        label={t("what")}
        hint={t("whatHint")}
        value={told.event}
        onChange={({ target }) => tell({ ...told, event: target.value })}
        maxLength={120}
        required
        autoComplete="off"
      />
      <TextField
        name="on"
        type="date"
        label={t("on")}
        value={told.on}
        onChange={({ target }) => tell({ ...told, on: target.value })}
        required
      />
    </>
  );
}

const dayOf = (on: string, locale: string) => formatDate(new Date(`${on}T12:00:00Z`), locale);
