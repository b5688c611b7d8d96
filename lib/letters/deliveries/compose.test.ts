import "#testing/database";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import MailComposer from "nodemailer/lib/mail-composer";
import { splice, splitSlots } from "#emails/personalise";
import { windows } from "#lib/letters/deliveries/body";
import { compose, mailOf, type Prepared, variablesOf } from "#lib/letters/deliveries/compose";
import { openFooters } from "#lib/letters/deliveries/footer";
import { openHeaders } from "#lib/letters/deliveries/headers";
import { disconnect } from "#lib/machine/db";
import { hostileText, random } from "#testing/hostile-server";

after(disconnect);

type Next = (below: number) => number;
const one = <T>(next: Next, list: readonly T[]): T => list[next(list.length)] as T;

const names = [
  "Élodie",
  "",
  "Jean=Luc",
  "O’Néill\nBob",
  "長い名前".repeat(30),
  "x".repeat(200),
  "a b ",
  " é\r\n.",
  "👩🏽‍🎓".repeat(9),
  '"Zoé" <x>',
];
const senders = [
  { name: "Éloïse, de la lettre", address: "lettre@iut.example" },
  { name: 'Le "département" SRC', address: "lettre@iut.example" },
  { name: "SRC", address: `lettre@${"sous-domaine.".repeat(6)}iut.example` },
  { name: "", address: "lettre@iut.example" },
  { name: `Services ${"é".repeat(120)}`, address: "lettre@bègles.example" },
  { name: "Lettre 🎓 =?UTF-8?Q?x?=", address: "lettre@iut.example" },
];
const subjects = [
  "Bonjour {{ contact.firstName }}",
  `Rentrée : ${"été, à la médiathèque ; ".repeat(12)}`,
  "Plain words only, and short",
  `Plain words only, ${"and long ".repeat(20)}`,
  'Des "guillemets" pour {{ organisation.name }}',
  "{{ contact.firstName }}",
  "=?UTF-8?Q?faux?= 👩🏽‍🎓👩🏽‍🎓👩🏽‍🎓👩🏽‍🎓👩🏽‍🎓",
  `${"x".repeat(300)} é`,
];
const addresses = [
  "r1@x.example",
  "zoé@x.example",
  "r@bègles.example",
  "a..b@x.example",
  '"deux mots"@x.example',
  `${"long.".repeat(12)}nom@${"sous.".repeat(10)}x.example`,
  "r@1.2.3",
  "r@xn--bgles-6ra.example",
  "r+src_x-y@sous.domaine-x.example",
  "r@[192.0.2.1]",
];
const topics = ["src", "4media", null];
const kinds = ["campaign", "campaign", "test", "transactional", "personal"] as const;

type Parts = { html: string; text: string; subject: string };

function contentOf({ html, text, subject }: Parts, changes: Partial<Prepared> = {}): Prepared {
  return {
    kind: "campaign",
    files: [],
    named: null,
    campaignId: 12,
    topicKey: "src",
    from: { name: "Éloïse, de la lettre", address: "lettre@iut.example" },
    replyTo: "secretariat@iut.example",
    publicUrl: "https://src.example",
    secret: null,
    inReplyTo: "",
    refs: "",
    subject: splitSlots(subject, "header"),
    footers: openFooters(splitSlots(html, "html"), splitSlots(text, "text"), {
      basis: "consent",
      newsletter: "Lettre SRC",
      house: "l’IUT",
    }),
    headers: openHeaders(),
    ...changes,
  };
}

const recipientOf = (next: Next) => ({
  id: next(3) ? 1 + next(10_000_000) : 1,
  generation: next(2) ? next(400_000_000) : 0,
  address: one(next, addresses),
  variables: {
    contact: { firstName: one(next, names), city: one(next, names) },
    organisation: { name: one(next, names) },
    reader: {
      locale: one(next, ["fr", "en"]),
      via: one(next, ["page", "import", null]),
      source: one(next, names),
    },
  },
});

/** What nodemailer makes of the whole, with our date and boundary. */
async function whole(parts: Parts, content: Prepared, to: Parameters<typeof compose>[1], raw: Buffer) {
  const variables = variablesOf(content, to);
  const header = raw.toString("latin1", 0, raw.indexOf("\r\n\r\n"));
  // A body ends with a line's end; one is added where the template has none.
  const part = (template: string, format: "html" | "text") =>
    windows(splice(splitSlots(template, format), variables)) + (template.endsWith("\n") ? "" : "\r\n");
  return new MailComposer({
    ...mailOf(content, to, variables),
    date: new Date(/^Date: (.*)$/m.exec(header)?.[1] ?? 0),
    baseBoundary: /^ boundary="--_NmP-(.*)-Part_1"$/m.exec(header)?.[1],
    html: part(parts.html, "html"),
    text: part(parts.text, "text"),
  })
    .compile()
    .build();
}

test("the bytes are those nodemailer makes of the whole message", async () => {
  for (let seed = 1; seed <= 1_500; seed++) {
    const next = random(seed);
    const parts = {
      html: hostileText(next, 5 + next(100), 12),
      text: hostileText(next, 5 + next(40), 6),
      subject: one(next, subjects),
    };
    const content = contentOf(parts, {
      kind: one(next, kinds),
      topicKey: one(next, topics),
      from: { ...one(next, senders) },
      replyTo: one(next, ["", "secretariat@iut.example", "Élise <elise@iut.example>, b@iut.example"]),
      publicUrl: one(next, ["https://src.example", `https://${"long.".repeat(20)}example`]),
    });
    // Two in turn: what was remembered of the first must not be the second's.
    for (const to of [recipientOf(next), recipientOf(next)]) {
      const { raw } = compose(content, to);
      const expected = await whole(parts, content, to, raw);
      assert.equal(raw.toString("latin1"), expected.toString("latin1"), `seed ${seed}`);
    }
  }
});

test("a slot may end or begin anywhere in a line", async () => {
  for (let before = 0; before < 90; before++) {
    for (const value of ["é", "mot", " ", "=", "👩🏽‍🎓", "a\nb", ""]) {
      const parts = {
        html: `${"a".repeat(before)}{{ contact.firstName }}${"é".repeat(40)}\n${"= ".repeat(before)}{{ contact.firstName }}`,
        text: `{{ contact.firstName }}{{ contact.firstName }}${"é".repeat(before)}\n.`,
        subject: `${"b ".repeat(before)}{{ contact.firstName }}`,
      };
      const content = contentOf(parts);
      const to = {
        ...recipientOf(random(1)),
        variables: { contact: { firstName: value, city: "" }, organisation: { name: "" } },
      };
      const { raw } = compose(content, to);
      const expected = await whole(parts, content, to, raw);
      assert.equal(
        raw.toString("latin1"),
        expected.toString("latin1"),
        `${before} before ${JSON.stringify(value)}`,
      );
    }
  }
});

test("no line is longer than a mail allows", () => {
  const parts = { html: `<p>${"é".repeat(5000)}</p>`, text: "x".repeat(3000), subject: "é".repeat(300) };
  const { raw } = compose(contentOf(parts), { id: 1, generation: 0, address: "r@x.example", variables: {} });
  const lines = raw.toString("latin1").split("\r\n");
  assert.ok(lines.every((line) => line.length <= 998));
});
