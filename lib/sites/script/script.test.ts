/** The script of the remote site, for real: MariaDB and PHP as hosts give them, asked by us through Apache and nginx. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Mapping } from "#lib/sites/script/schema";
import { writeScript } from "#lib/sites/script/script";
import { signQuestion } from "#lib/sites/signatures/rules";
import { anyAddress } from "#lib/sites/sources/fetch";
import { parseContacts } from "#lib/sites/sources/parse";
import { FileRefused } from "#lib/sites/sources/refusal";
import { askSite, fetchSigned, type Learnt, type Site } from "#lib/sites/sources/signed";
import { type PhpSite, startPhpSite } from "#testing/php-site";

const secret = "une-cle-de-quarante-lettres-pour-essayer";
const mapping: Mapping = {
  table: "membres",
  key: "id",
  columns: {
    lastName: "nom",
    firstName: "prenom",
    email: "courriel",
    graduationYear: "promo",
    phone: "tel",
    city: "ville",
    updatedAt: "modif",
  },
  clear: ["phone"],
};

let php: PhpSite;
const access = (extra = "") =>
  writeFileSync(
    join(php.folder, "src-acces.php"),
    `<?php return ['hote' => 'localhost;unix_socket=${php.socket}', 'base' => 'site', 'compte' => 'src_lecture', 'mot_de_passe' => 'motdepasse'${extra}];`,
  );
const put = (of: Partial<Mapping> = {}, key = secret) =>
  writeFileSync(join(php.folder, "contacts.php"), writeScript("essai", key, { ...mapping, ...of }));

before(async () => {
  php = await startPhpSite();
  php.query(`
    create database site character set utf8mb4; use site;
    create user 'src_lecture'@'localhost' identified by 'motdepasse'; grant select on site.* to 'src_lecture'@'localhost';
    set sql_mode = '';
    create table membres (id int primary key auto_increment, nom varchar(80), prenom varchar(80), courriel varchar(120),
      promo date, tel varchar(30), ville varchar(60), modif datetime);
    insert into membres (nom, prenom, courriel, promo, tel, ville, modif)
      select concat('Durand-', seq), 'Élodie', concat('p', seq, '@exemple.fr'), '2008-06-30', '05 57 12 20 44', 'Bègles', '2024-09-14 10:12:00'
      from seq_1_to_1200;
    update membres set nom = 'Ã‰lodie & <Fils>', tel = '', promo = '0000-00-00', modif = '0000-00-00 00:00:00', ville = concat('A', char(1), 'B')
      where id = 700;
  `);
  access();
  put();
});
after(() => php?.stop());

const site = (url: string, of: Partial<Site> = {}): Site => ({
  url,
  allowed: anyAddress,
  key: "essai",
  secrets: [{ id: 1, secret }],
  ...of,
});
const served = () => [`${php.apache}/contacts.php`, `${php.nginx}/contacts.php?page=annuaire`];

async function read(of: Site, known = "", learnt: Learnt = {}) {
  const people = [];
  let bytes = 0;
  async function* counted() {
    for await (const piece of fetchSigned(of, known, learnt)) {
      bytes += piece.length;
      yield piece;
    }
  }
  if (known) for await (const piece of counted()) bytes += piece.length;
  else for await (const one of parseContacts(counted(), "essai")) people.push(one);
  return { people, bytes, learnt };
}
const refused = (reason: string, work: Promise<unknown>) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof FileRefused, String(error));
    assert.equal(error.reason, reason);
    return true;
  });

test("it is valid PHP whatever the names of tables and columns are", () => {
  const odd = writeScript("essai", secret, {
    ...mapping,
    table: "l'été\\",
    columns: { lastName: "nom'; drop" },
  });
  const lint = spawnSync("php", ["-l"], { input: odd, encoding: "utf8" });
  assert.match(lint.stdout, /No syntax errors/);
  assert.doesNotMatch(writeScript("essai", secret, mapping), /motdepasse/);
});

test("everybody comes through Apache and nginx, mended, dated, and once", async () => {
  for (const url of served()) {
    const { people, learnt } = await read(site(url));
    assert.equal(people.length, 1200, url);
    assert.equal(new Set(people.map(({ id }) => id)).size, 1200);
    const [first, odd] = [people[0], people[699]];
    assert.deepEqual(
      [first?.fields.firstName?.value, first?.fields.graduationYear?.value, first?.updated],
      ["Élodie", "2008", "2024-09-14T10:12:00"],
    );
    assert.equal(odd?.fields.lastName?.value, "Élodie & <Fils>");
    assert.deepEqual([odd?.fields.graduationYear, odd?.updated, odd?.clears], [undefined, "", ["phone"]]);
    assert.equal(odd?.fields["address/city"]?.value, "AB");
    assert.match(learnt.state ?? "", /^1200-/);
  }
});

test("told what it was, the table answers « unchanged »; one row more, and it is read", async () => {
  const [url = ""] = served();
  const { learnt } = await read(site(url));
  const again = await read(site(url), learnt.state);
  assert.deepEqual([again.learnt.unchanged, again.bytes], [1200, 0]);
  php.query("update site.membres set ville = 'Pessac' where id = 3");
  const then = await read(site(url), learnt.state);
  assert.equal(then.learnt.unchanged, undefined);
  assert.ok(then.bytes > 100_000);
});

test("whoever has no secret gets a bare 403", async () => {
  const time = Math.floor(Date.now() / 1000);
  const question = { do: "page" as const, after: "", rows: 5, seconds: 5, known: "" };
  const nonce = "abcdefghijklmnopqrst";
  const good = {
    "x-src-key": "essai",
    "x-src-time": String(time),
    "x-src-nonce": nonce,
    "x-src-signature": signQuestion(secret, "essai", question, time, nonce),
  };
  const query = "do=page&after=&rows=5&seconds=5&known=";
  const old = time - 400;
  for (const url of served()) {
    const ask = (headers: Record<string, string>, text = query, method = "GET") =>
      fetch(`${url}${url.includes("?") ? "&" : "?"}${text}`, { headers, method });
    assert.equal((await ask(good)).status, 200);
    const wrong: [Record<string, string>, string?, string?][] = [
      [{}],
      [{ ...good, "x-src-signature": "0".repeat(64) }],
      [{ ...good, "x-src-nonce": "another-nonce-of-twenty" }],
      [{ ...good, "x-src-key": "autre" }],
      [good, "do=page&after=&rows=5000&seconds=5&known="],
      [good, query, "POST"],
      [
        {
          ...good,
          "x-src-time": String(old),
          "x-src-signature": signQuestion(secret, "essai", question, old, nonce),
        },
      ],
    ];
    for (const [headers, text, method] of wrong) {
      const answer = await ask(headers, text, method);
      assert.deepEqual(
        [answer.status, await answer.text(), answer.headers.get("x-powered-by")],
        [403, "", null],
      );
    }
  }
});

test("a new key is taken up when the site has it, and the old one serves until then", async () => {
  const [url = ""] = served();
  const secrets = [
    { id: 2, secret: "la-nouvelle-cle-de-quarante-lettres-et-plus" },
    { id: 1, secret },
  ];
  assert.equal((await read(site(url, { secrets }))).learnt.secretId, 1);
  put({}, secrets[0]?.secret);
  assert.equal((await read(site(url, { secrets }))).learnt.secretId, 2);
  await refused("siteRefuses", read(site(url)));
  put();
});

const findings = async (url: string) => {
  const { body } = await askSite(site(url), "check", 1);
  const [, text = ""] = /<check>([^<]*)<\/check>/.exec(Buffer.from(body).toString()) ?? [];
  return JSON.parse(Buffer.from(text, "base64").toString()) as {
    facts: Record<string, string>;
    findings: { code: string; columns?: string; number?: string }[];
  };
};
const codes = async (url: string) => (await findings(url)).findings.map(({ code }) => code);

test("« Vérifier » names what is wrong", async () => {
  for (const url of served()) {
    const { facts, findings: found } = await findings(url);
    assert.deepEqual(
      found.map(({ code, columns }) => [code, columns]),
      [
        ["noHttps", undefined],
        ["mojibake", "nom"],
        ["zeroDates", "promo, modif"],
      ],
    );
    assert.deepEqual([facts.rows, facts.memory, facts.seconds], ["1200", "32M", "30"]);
  }
  const [url = ""] = served();
  put({ columns: { ...mapping.columns, phone: "telephone" } });
  assert.deepEqual((await findings(url)).findings.at(-1), { code: "noColumn", columns: "telephone" });
  put({ table: "absente" });
  assert.ok((await codes(url)).includes("noTable"));
  put({ key: "ville" });
  assert.ok((await codes(url)).includes("keyNotUnique"));
  put();
  access(", 'mot_de_passe' => 'faux'");
  assert.equal((await findings(url)).findings.at(-1)?.number, "1045");
  await refused("siteDatabase", read(site(url)));
  access();
});

test("a warning or a blank line before the document is told apart from a broken one", async () => {
  const [url = ""] = served();
  const script = writeScript("essai", secret, mapping);
  writeFileSync(join(php.folder, "contacts.php"), `\n\nAttention : vieux thème\n${script}`);
  // While PHP still holds what was said before, the script takes it back.
  assert.equal((await read(site(url))).people.length, 1200);
  const long = `<b>Attention</b> : vieux thème${" ".repeat(5000)}\n`;
  writeFileSync(join(php.folder, "contacts.php"), long + script);
  await assert.rejects(read(site(url)), (error) => {
    assert.ok(error instanceof FileRefused);
    assert.deepEqual([error.reason, error.data.found], ["outputBefore", "Attention : vieux thème"]);
    return true;
  });
  put();
});
