"use server";
import { action } from "#lib/gates/action";
import { markHandled, markUnhandled } from "#lib/returns/received/mutations";
import { mailInput } from "#lib/returns/received/schema";

export const handle = action("received.handle", mailInput, ({ id }) => markHandled(id));
export const unhandle = action("received.handle", mailInput, ({ id }) => markUnhandled(id));
