"use server";
import { action } from "#lib/gates/action";
import { clearSandbox } from "#lib/letters/sandbox/mutations";
import { clearSandboxInput } from "#lib/letters/sandbox/schema";

export const clear = action("sandbox.clear", clearSandboxInput, (_, user) => clearSandbox(user.id));
