"use server";
import { action } from "#lib/gates/action";
import * as years from "#lib/tax/years/mutations";
import { calendarInput, establishmentInput } from "#lib/tax/years/schema";

export const saveEstablishment = action("settings.edit", establishmentInput, (input, user) =>
  years.saveEstablishment(input, user.id),
);

export const saveCalendar = action("settings.edit", calendarInput, (input, user) =>
  years.saveCalendar(input, user.id),
);
