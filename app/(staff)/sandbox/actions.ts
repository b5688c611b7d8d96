"use server";
import { action } from "#lib/action";
import { clearSandbox } from "#lib/sandbox/mutations";
import { clearSandboxInput } from "#lib/sandbox/schema";

export const clear = action("sandbox.clear", clearSandboxInput, (_, user) => clearSandbox(user.id));
