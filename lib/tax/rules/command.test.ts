/** `npm run crm -- tax`, as another program calls it: without a database. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "src-tax-"));
});
after(() => rm(folder, { recursive: true }));

async function crm(content: string | Buffer, ...more: string[]) {
  const path = join(folder, "employers.json");
  await writeFile(path, content);
  return run(["tax", "--input", path, ...more]);
}

function run(argv: string[], input = ""): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ["bin/crm.ts", ...argv], {
    cwd: process.cwd(),
    // Nothing listens there: a command that judges files must not ask for a database.
    env: {
      ...process.env,
      DATABASE_URL: "postgres://nobody@127.0.0.1:1/none",
      SRC_SECRET: "a secret for tests",
    },
  });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.err += text;
  });
  child.stdin.end(input);
  return new Promise((done) =>
    child.once("close", (code) => done({ code, out: plain(said.out), err: plain(said.err) })),
  );
}

/** What was said, with ordinary spaces where French prints narrow ones. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
const lines = (out: string) =>
  out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const employer = (more: Record<string, unknown> = {}) => ({
  year: 2025,
  status: "company",
  headcount: 8,
  establishments: [{ siret: "", department: "33", base: 249_600 }],
  ...more,
});

describe("crm tax", () => {
  it("answers one employer with one line", async () => {
    const { code, out, err } = await crm(JSON.stringify(employer()), "--json");
    assert.deepEqual([code, err], [0, ""]);
    const [one, ...others] = lines(out);
    assert.equal(others.length, 0);
    const { steps, ...figures } = one as { steps: { label: string; cents: number; source: string }[] };
    assert.deepEqual(figures, {
      liable: true,
      reason: "liable",
      mainCents: 147_264,
      soldeGrossCents: 22_464,
      deductionCents: 0,
      soldeCents: 22_464,
      csaCents: 0,
    });
    assert.deepEqual(Object.keys(steps[0] ?? {}), ["label", "cents", "source"]);
    assert.ok(steps.some(({ label, source }) => /^Solde de 33 : 0,09/.test(label) && /L6241-2/.test(source)));
  });

  it("answers a list in its order, each by itself", async () => {
    const list = [
      employer({ year: 2027 }),
      employer({ year: 2008, headcount: 50 }),
      employer({ status: "sarl" }),
      employer({ year: 2016, establishments: [{ department: 1, base: 100 }] }),
    ];
    const { code, out, err } = await crm(`\ufeff${JSON.stringify(list, null, 1)}`, "--json");
    const [unverified, old, bad, middle] = lines(out);
    assert.match(String(unverified?.refused), /2027.*vérifié/);
    assert.equal(old?.categoryBCents, 23_962);
    assert.match(String(bad?.refused), /Employeur 3, ligne 28, « status » : attendu : company/);
    assert.deepEqual([middle?.taxCents, middle?.csaCents, middle?.cdaCents], [68, 0, 0]);
    assert.equal(code, 2, "a field is badly written");
    assert.match(err, /Employeur 3/);
  });

  it("names the line, the field and the cure of what is badly written", async () => {
    const faults: [string, RegExp][] = [
      [
        '{"status":"company",\n"establishments":[]}',
        /ligne 1, « year » : .*ligne 2, « establishments » : .*au moins un/,
      ],
      [
        '{"year":2025,"status":"company","establishments":[\n{"department":"33","base":1},\n{"department":"33",\n"base":"12 000"}]}',
        /Employeur 2, ligne 5, « establishments\[1\]\.base » : attendu : un montant/,
      ],
      [
        '{"year":2025,"status":"company","establishments":[{"department":"99","base":1}]}',
        /department » .*numéro/,
      ],
      [
        '{"year":2025,"status":"company","establishments":[{"department":"33"}]}',
        /base » : il manque l’assiette/,
      ],
      ['{"year":2025,"status":"company","establishments":[{"department":"33","base":-1}]}', /positif ou nul/],
      [
        '{"year":2025,"status":"company","establishments":[{"department":"33"}],\n"months":[{"month":"2025-01","base":1},\n{"month":"2025-01","base":1},\n{"month":"2024-11","base":1}]}',
        /ligne 7, « months\[1\]\.month » : ce mois est déjà.*ligne 8.*ni de l’année/,
      ],
      [
        '{"year":2025,"status":"company","establishments":[{"department":"33","base":5}],"months":[{"month":"2025-01","base":1}]}',
        /« months » : les mois et les assiettes/,
      ],
      ["12", /Employeur 8, ligne 8 : attendu : un objet/],
      [
        '{"year":2025,"status":"company","workStudyPercent":101,"establishments":[{"department":"33","base":1}]}',
        /entre 0 et 100/,
      ],
    ];
    // One file of them all: the lines that are told are those of the file.
    const { code, out } = await crm(`[${faults.map(([content]) => content).join(",")}]`, "--json");
    assert.equal(code, 2);
    const told = lines(out).map(({ refused }) => String(refused));
    assert.equal(told.length, faults.length);
    for (const [at, [, expected]] of faults.entries()) assert.match(told[at] ?? "", expected);
  });

  it("takes months beside the base they add up to", async () => {
    const months = [0.1, 0.2, 0.3].map((base, at) => ({ month: `2025-0${at + 1}`, base: base * 1e4 }));
    const told = employer({ establishments: [{ department: "33", base: 6000 }], months });
    assert.equal((await crm(JSON.stringify(told), "--json")).code, 0);
  });

  it("says what it cannot read", async () => {
    const broken = await crm('{"year": 2025,}', "--json");
    assert.deepEqual([broken.code, broken.out], [2, ""]);
    assert.match(broken.err, /n’est pas du JSON/);
    const missing = await run(["tax", "--input", join(folder, "none.json")]);
    assert.equal(missing.code, 2);
    assert.match(missing.err, /Impossible de lire.*ENOENT/);
    assert.equal((await run(["tax"])).code, 2);
    const typo = await crm(JSON.stringify(employer({ cfaGift: 12 })), "--json");
    assert.deepEqual([typo.code, lines(typo.out).length], [0, 1]);
    assert.match(typo.err, /champ inconnu « cfaGift »/);
  });

  it("reads the standard input, and answers in words without --json", async () => {
    const { code, out } = await run(["tax", "--input", "-"], JSON.stringify(employer()));
    assert.equal(code, 0);
    assert.match(out, /Solde net : 224,64/);
    assert.equal((await run(["tax", "--help"])).code, 0);
  });
});
