"use server";
import { action } from "#lib/action";
import { markHandled, markUnhandled } from "#lib/received/mutations";
import { mailInput } from "#lib/received/schema";

export const handle = action("mailbox.handle", mailInput, ({ id }) => markHandled(id));
export const unhandle = action("mailbox.handle", mailInput, ({ id }) => markUnhandled(id));
