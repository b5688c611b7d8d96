import { z } from "zod";

export const appearanceInput = z.object({ theme: z.enum(["light", "dark", "system"]) });
export const languageInput = z.object({ locale: z.enum(["fr", "en"]) });
