import "#lib/test-db";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import MailComposer from "nodemailer/lib/mail-composer";
import { splice, splitSlots } from "#emails/personalise";
import { disconnect } from "#lib/db";
import { encodeBody, windows } from "#lib/deliveries/body";
import { compose, mailOf, type Prepared, variablesOf } from "#lib/deliveries/compose";

after(disconnect);

function random(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

/** Text of the kinds that trip encoders: accents, long words, spaces before line ends, equal signs, dots, emoji. */
function hostileText(next: (below: number) => number): string {
  const words = [
    "a",
    "été",
    "=",
    "==3D",
    "…",
    "👩🏽‍🎓",
    "x".repeat(80),
    "mot",
    ".",
    " ",
    "\t",
    "Ça",
    "\n",
    "\r\n",
    " \n",
    "\n.\n",
    "é".repeat(40),
  ];
  const slots = [
    '{{ contact.firstName | default: "vous" }}',
    "{{ organisation.name }}",
    "{{ links.unsubscribe }}",
  ];
  return Array.from({ length: 5 + next(120) }, () =>
    next(12) === 0 ? slots[next(slots.length)] : words[next(words.length)] + (next(2) ? " " : ""),
  ).join("");
}

function contentOf(html: string, text: string, subject: string): Prepared {
  return {
    kind: "campaign",
    topicKey: "src",
    topicName: "Lettre SRC",
    from: { name: "Éloïse, de la lettre", address: "lettre@iut.example" },
    replyTo: "secretariat@iut.example",
    publicUrl: "https://src.example",
    subject: splitSlots(subject, "header"),
    html: encodeBody(splitSlots(html, "html")),
    text: encodeBody(splitSlots(text, "text")),
  };
}

/** A body ends with a line's end; one is added where the template has none. */
const ended = (text: string, template: string) => windows(text) + (template.endsWith("\n") ? "" : "\r\n");

test("the bytes are those nodemailer makes of the whole message", async () => {
  for (let seed = 1; seed <= 300; seed++) {
    const next = random(seed);
    const [html, text] = [hostileText(next), hostileText(next)];
    const names = ["Élodie", "", "Jean=Luc", "O’Néill\nBob", "長い名前".repeat(30), "x".repeat(200)];
    const to = {
      id: seed,
      address: `r${seed}@x.example`,
      variables: {
        contact: { firstName: names[next(names.length)] },
        organisation: { name: names[next(names.length)] },
      },
    };
    const content = contentOf(html, text, `Bonjour {{ contact.firstName }} ${"été ".repeat(next(30))}`);
    const { raw } = compose(content, to);
    const variables = variablesOf(content, to);
    const boundary = /boundary="--(.*)-Part_1"/.exec(raw.toString("latin1"))?.[1]?.replace(/^_NmP-/, "");
    const date = new Date(/^Date: (.*)$/m.exec(raw.toString("latin1"))?.[1] ?? 0);
    const whole = new MailComposer({
      ...mailOf(content, to, variables),
      date,
      baseBoundary: boundary,
      html: ended(splice(splitSlots(html, "html"), variables), html),
      text: ended(splice(splitSlots(text, "text"), variables), text),
    });
    assert.equal(raw.toString("latin1"), (await whole.compile().build()).toString("latin1"), `seed ${seed}`);
  }
});

test("no line is longer than a mail allows", () => {
  const { raw } = compose(contentOf(`<p>${"é".repeat(5000)}</p>`, "x".repeat(3000), "é".repeat(300)), {
    id: 1,
    address: "r@x.example",
    variables: {},
  });
  assert.ok(
    raw
      .toString("latin1")
      .split("\r\n")
      .every((line) => line.length <= 998),
  );
});
