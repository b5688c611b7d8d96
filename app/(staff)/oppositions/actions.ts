"use server";
import { action } from "#lib/gates/action";
import { refused } from "#lib/machine/result";
import { countKnown, importOppositions } from "#lib/people/suppressions/oppositions";
import { readList } from "#lib/people/suppressions/read-list";
import { oppositionImport } from "#lib/people/suppressions/schema";
import { todayInParis } from "#lib/people/tasks/rules";

/** Read the same way both times: what is written is what was shown. */
export const importList = action(
  "subscriptions.edit",
  oppositionImport,
  async ({ list, note, step }, user) => {
    const { lines, faults } = readList(list, todayInParis());
    if (step === "preview") {
      const seen = { good: lines.length, known: await countKnown(lines), faults: faults.slice(0, 200) };
      return { ok: true, data: { ...seen, faulty: faults.length } };
    }
    if (lines.length === 0) return refused("nothing");
    const done = await importOppositions(lines, note, user.id);
    return done.ok ? { ok: true, data: { written: done.written } } : done;
  },
);
