import { z } from "zod";
import { rowId } from "#lib/machine/asked";
import { requiredLine } from "#lib/machine/fields";

export const roles = ["administrator", "secretariat", "teacher", "reader"] as const;

const email = z
  .string("required")
  .trim()
  .min(1, "required")
  .max(254, "tooLong")
  .regex(/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/, "email");
const name = requiredLine(120);
const role = z.enum(roles, "required");
const password = z.string("required").min(1, "required").max(1000, "tooLong");
const token = z.string("required").max(100);
const id = rowId("required");

export const invitationInput = z.object({ email, name, role });
export const roleInput = z.object({ id, role });
export const userInput = z.object({ id });
export const profileInput = z.object({ name, locale: z.enum(["fr", "en"]) });
export const passwordInput = z.object({ current: password, password });
export const sessionInput = z.object({ sessionId: z.uuid() });
export const nothingInput = z.object({});
export const setupInput = z.object({ token, name, email, password });
export const newPasswordInput = z.object({ token, password });
export const forgottenInput = z.object({ email });
