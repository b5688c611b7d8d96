/** For tests: what programs that are not ours make of our mails; see verify.py. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

export type Read = {
  /** For each signature, from the top. */
  good: boolean[];
  fields: [name: string, value: string][];
  defects: string[];
  parts: [type: string, text: string][];
};

/** `records`: TXT by name. */
export function readByPython(mails: readonly Buffer[], records: Record<string, string> = {}): Read[] {
  const asked = JSON.stringify({ records, mails: mails.map((mail) => mail.toString("base64")) });
  const answer = execFileSync("/usr/bin/python3", [join(import.meta.dirname, "verify.py")], {
    input: asked,
    maxBuffer: 64 * 1024 * 1024,
    timeout: 120_000,
  });
  return JSON.parse(answer.toString("utf8"));
}
