import assert from "node:assert/strict";
import test from "node:test";
import { exampleBrand } from "#testing/examples";
import { lintEmail } from "./lint.ts";
import { invitationMail, type Mail, passwordResetMail, unsubscribeDigestMail } from "./transactional.ts";
import type { Locale } from "./words.ts";

const account = (locale: Locale) => ({
  brand: exampleBrand,
  locale,
  product: "Relation & Communication",
  name: "Nadine <b>Lafitte</b>",
  url: "https://crm.example/invitation/abc?x=1&y=2",
  until: "mardi 24 novembre 2026 à 18:00",
});

const digest = (locale: Locale, count: number) => ({
  brand: exampleBrand,
  locale,
  product: "SRC",
  day: "23 novembre 2026",
  count,
  people: [
    { name: "Zoé <i>", newsletter: "La lettre SRC" },
    { name: "Samia", newsletter: null },
  ].slice(0, count),
  url: "https://crm.example/desabonnements",
});

// A mail the application must send has no unsubscribe link; that one rule is for campaigns.
const faults = (mail: Mail) => lintEmail(mail.html).filter((f) => f.code !== "unsubscribeMissing");

for (const locale of ["fr", "en"] as const) {
  test(`${locale}: invitation, reset and digest are sound, escaped and complete in both parts`, async () => {
    const mails = [
      await invitationMail({ ...account(locale), invitedBy: "Claire Dumas", role: "secrétariat" }),
      await passwordResetMail(account(locale)),
      await unsubscribeDigestMail(digest(locale, 2)),
    ];
    for (const mail of mails) {
      assert.deepEqual(faults(mail), []);
      assert.match(mail.html, new RegExp(`<html lang="${locale}"`));
      assert.doesNotMatch(mail.html, /<b>Lafitte|<i>|undefined/);
      assert.doesNotMatch(mail.text, /undefined|&amp;|&lt;/);
      assert.ok(mail.subject.length > 5 && mail.subject.length < 100);
    }
    for (const mail of mails.slice(0, 2)) {
      assert.ok(mail.text.includes("https://crm.example/invitation/abc?x=1&y=2"));
      assert.ok(mail.html.includes('href="https://crm.example/invitation/abc?x=1&amp;y=2"'));
      assert.ok(mail.text.includes("mardi 24 novembre 2026 à 18:00"));
    }
  });
}

test("the digest counts in the singular and in the plural, and says how many it does not name", async () => {
  assert.match((await unsubscribeDigestMail(digest("fr", 1))).subject, /^1 désabonnement le/);
  const many = await unsubscribeDigestMail({ ...digest("fr", 2), count: 9 });
  assert.match(many.subject, /^9 désabonnements/);
  assert.match(many.text, /- Zoé <i>, La lettre SRC\n- Samia, toutes les lettres\n- et 7 autres personnes/);
});

test("a name cannot add a header", async () => {
  const mail = await invitationMail({ ...account("fr"), invitedBy: "Claire\r\nBcc: x@y.fr", role: "x" });
  assert.doesNotMatch(mail.subject, /[\r\n]/);
});
