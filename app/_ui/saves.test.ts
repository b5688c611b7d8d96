/** Every save says so: a form, a button or a dialog that acts has its sentence, or leads to a page that shows what was done. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";

/** What leads elsewhere, or comes back changed before one's eyes. */
const shown: Record<string, string> = {
  "_shell/account-menu.tsx": "leads to the sign-in page",
  "_shell/choices.tsx": "the page takes the look or the language chosen",
  "(public)/bienvenue/[token]/page.tsx": "leads to the sign-in page, which says so",
  "(public)/connexion/password-form.tsx": "leads to the sign-in page, which says so",
  "(public)/desabonnement/[[...token]]/page.tsx": "the page says what became of the subscription",
  "(public)/mot-de-passe-oublie/page.tsx": "leads to the sign-in page, which says so",
  "(public)/preferences/[[...token]]/page.tsx": "the page says what became of the subscriptions",
  "(public)/preferences/[[...token]]/act.tsx": "the page says how the reader stands",
  "(public)/promesse/[[...token]]/page.tsx": "the page says that the promise is confirmed",
  "(public)/taxe/promise.tsx": "leads to the page that says what to do next",
  "(staff)/campaigns/[id]/heading.tsx": "leads to the copy",
  "(staff)/campaigns/new/page.tsx": "leads to the letter",
  "(staff)/contacts/[id]/erase.tsx": "leads to the contacts, where nobody of that name is",
  "(staff)/contacts/form.tsx": "leads to the contact",
  "(staff)/oppositions/import/form.tsx": "shows what will be written, then how much was",
  "(staff)/organisations/[id]/tax/page.tsx": "leads to the pledge",
  "(staff)/organisations/form.tsx": "leads to the organisation",
  "(staff)/pledges/heading.tsx": "leads to the pledge",
  "(staff)/relays/account.tsx": "leads to the provider that is asked to agree",
  "(staff)/sources/form.tsx": "leads to the source",
  "(staff)/sources/runs/[id]/changes-table.tsx": "each line says how it stands",
  "(staff)/sources/runs/[id]/live.tsx": "the run says that it is being stopped",
  "(staff)/sources/runs/[id]/replay.tsx": "leads to the run",
  "(staff)/sources/runs/[id]/review.tsx": "leads to the run, and each line says how it stands",
  "(staff)/sources/runs/[id]/undo.tsx": "the page follows what is being undone",
  "(staff)/sources/sync-button.tsx": "leads to the run",
  "(staff)/transfers/files/[id]/store.tsx": "leads to the transfers, which say so",
};

/** The properties of each `<name …>` of a file, up to the bracket that ends it outside of braces. */
function tags(source: string, name: string): string[] {
  return [...source.matchAll(new RegExp(`<${name}\\b`, "g"))].map(({ index }) => {
    let depth = 0;
    for (let at = index; at < source.length; at++) {
      if (source[at] === "{") depth++;
      else if (source[at] === "}") depth--;
      else if (source[at] === ">" && depth === 0) return source.slice(index, at);
    }
    return "";
  });
}

const files = globSync("app/**/*.tsx").map((path) => ({
  path: path.slice("app/".length),
  source: readFileSync(path, "utf8"),
}));

test("every form, button and dialog that acts says what it did, or shows it", () => {
  const acts = files.flatMap(({ path, source }) =>
    ["Form", "ActionButton", "ConfirmDialog"].flatMap((name) =>
      tags(source, name).map((properties) => ({ path, properties })),
    ),
  );
  assert.ok(acts.length > 80, String(acts.length));
  // Given as one object, `done` is among what it holds.
  const silent = acts
    .filter(({ properties }) => !/\bdone=|\{\.\.\./.test(properties))
    .map(({ path }) => path);
  assert.deepEqual([...new Set(silent)].sort(), Object.keys(shown).sort());
});
