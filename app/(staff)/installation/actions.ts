"use server";
import { action } from "#lib/gates/action";
import { noInput } from "#lib/machine/asked";
import { acknowledgeRestore } from "#lib/office/restores/mutations";

export const acknowledge = action("installation.manage", noInput, (_, user) => acknowledgeRestore(user.id));
