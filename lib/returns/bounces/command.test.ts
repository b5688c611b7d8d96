import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const corpus = join(root, "testing/corpus");
const runner = `import { bouncesJudge } from "#lib/returns/bounces/command"; process.exitCode = await bouncesJudge(process.argv.slice(1));`;

function run(...words: string[]): Promise<{ status: number; out: string; err: string }> {
  const argv = ["--input-type=module", "-e", runner, "--", ...words];
  return new Promise((done) => {
    const child = execFile(process.execPath, argv, { cwd: root, maxBuffer: 5_000_000 }, (_, out, err) => {
      done({ status: child.exitCode ?? -1, out, err });
    });
  });
}

test("a folder gives one JSON line per mail, with these fields and no other", async () => {
  const { status, out } = await run(corpus, "--json");
  const lines = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  // 629 mails, and the two other files of the folder: whatever their ending.
  assert.deepEqual([status, lines.length], [0, 631]);
  assert.deepEqual(
    lines.find((line) => String(line.file).endsWith("/lhost-amazonworkmail-01.eml")),
    {
      file: join(corpus, "sisimai/lhost-amazonworkmail-01.eml"),
      class: "bounce",
      results: [
        {
          recipient: "kijitora@example.jp",
          verdict: "hard",
          blame: "recipient",
          status: "5.1.1",
          reason: "user-unknown",
        },
      ],
    },
  );
});

test("without --json, a table", async () => {
  const { status, out } = await run(join(corpus, "sisimai/lhost-x2-02.eml"));
  assert.equal(status, 0);
  assert.match(
    out,
    /^bounce {5}.*lhost-x2-02\.eml\n {2}hard {5}recipient {2}user-unknown .*kijitora@example\.com\n/,
  );
});

test("a path that cannot be read is said in French, with status 2", async () => {
  const { status, err } = await run("/nulle/part", "--json");
  assert.equal(status, 2);
  assert.match(
    err,
    /Impossible de lire «\u202f\/nulle\/part\u202f»\u202f: ce fichier ou dossier n’existe pas\./,
  );
});

test("no path, or an unknown option, is refused; --help helps", async () => {
  assert.equal((await run("--json")).status, 2);
  assert.equal((await run("--zut", corpus)).status, 2);
  const help = await run("--help");
  assert.equal(help.status, 0);
  assert.match(help.out, /bounces judge CHEMIN…/);
});

test("a name given is read whatever its ending; control characters never reach the terminal", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "bounces-")), "mail.txt");
  await writeFile(
    file,
    "From: MAILER-DAEMON@x.fr\nX-Failed-Recipients: a\u001b[31m@x.fr\nSubject: failure notice\n\nno",
  );
  const { status, out } = await run(file);
  assert.equal(status, 0);
  assert.ok(!out.includes("\u001b"));
});
