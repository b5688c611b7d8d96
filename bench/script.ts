/**
 * The script of a remote site, as hosts run it: MariaDB, PHP with 32 MB and 30 s, behind Apache and nginx. Seconds and pages
 * for all the people of a table, and for « unchanged », against reading the same table by MariaDB's own client.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeScript } from "#lib/sites/script/script";
import { anyAddress } from "#lib/sites/sources/fetch";
import { fetchSigned, type Learnt } from "#lib/sites/sources/signed";
import { startPhpSite } from "#testing/php-site";
import { readOptions } from "./stand/options.ts";

const { number, print } = readOptions({ n: { default: "200000", help: "people in the table" } });
const n = number("n");
const secret = "une-cle-de-quarante-lettres-pour-mesurer";
const columns = {
  lastName: "nom",
  firstName: "prenom",
  email: "courriel",
  phone: "tel",
  city: "ville",
  organisation: "entreprise",
};

const php = await startPhpSite({ memory: "32M", seconds: 30 });
try {
  php.query(`create database site character set utf8mb4; use site;
    create user 'src_lecture'@'localhost' identified by 'motdepasse'; grant select on site.* to 'src_lecture'@'localhost';
    create table membres (id int primary key auto_increment, nom varchar(80), prenom varchar(80), courriel varchar(120), tel varchar(30), ville varchar(60), entreprise varchar(120), notes text);
    insert into membres (nom, prenom, courriel, tel, ville, entreprise, notes)
      select concat('Durand-', seq), 'Élodie', concat('p', seq, '@exemple.fr'), '05 57 12 20 44', 'Bègles', concat('Agence ', seq % 500), repeat('x', 300) from seq_1_to_${n};`);
  writeFileSync(
    join(php.folder, "src-acces.php"),
    `<?php return ['hote' => 'localhost;unix_socket=${php.socket}', 'base' => 'site', 'compte' => 'src_lecture', 'mot_de_passe' => 'motdepasse'];`,
  );
  writeFileSync(
    join(php.folder, "contacts.php"),
    writeScript("bench", secret, { table: "membres", key: "id", columns, clear: [] }),
  );
  const floor = timed(
    () => php.query("select id, nom, prenom, courriel, tel, ville, entreprise from site.membres").length,
  );
  const [apache, nginx] = [await read(php.apache), await read(php.nginx)];
  const same = await read(php.nginx, nginx.state);
  print({
    people: n,
    clientSeconds: (await floor).seconds,
    apacheSeconds: apache.seconds,
    nginxSeconds: nginx.seconds,
    megabytes: nginx.megabytes,
    peopleRead: nginx.people,
    unchangedSeconds: same.seconds,
    unchangedMegabytes: same.megabytes,
  });
} finally {
  await php.stop();
}

async function timed<T>(work: () => T | Promise<T>) {
  const start = performance.now();
  const value = await work();
  return { value, seconds: Math.round((performance.now() - start) / 10) / 100 };
}

async function read(origin: string, known = "") {
  const learnt: Learnt = {};
  const site = {
    url: `${origin}/contacts.php`,
    allowed: anyAddress,
    key: "bench",
    secrets: [{ id: 1, secret }],
  };
  const { value, seconds } = await timed(async () => {
    let [bytes, tail] = [0, ""];
    for await (const piece of fetchSigned(site, known, learnt)) {
      bytes += piece.length;
      tail = Buffer.from(piece.subarray(-200)).toString();
    }
    return { bytes, people: Number(/<end rows="(\d+)"/.exec(tail)?.[1] ?? learnt.unchanged ?? 0) };
  });
  return {
    seconds,
    state: learnt.state ?? "",
    people: value.people,
    megabytes: Math.round(value.bytes / 1048576),
  };
}
