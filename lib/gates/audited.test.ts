/** Whatever a person changes is written in the journal by what changes it, or says why not. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { audits, listMutations, type Piece, piecesOf, reachOf, sources } from "#testing/writes";

const reason = ({ doc }: Piece) => /@unaudited ((?:[^*@]|\*(?!\/)(?=[^@]))+)/.exec(doc)?.[1]?.trim() ?? "";
const named = ({ file, name }: Piece) => `${file} ${name}`;

const mutations = listMutations();

describe("every mutation", () => {
  it("audits, or says why not", () => {
    const silent = mutations.filter((piece) => !audits(reachOf(piece, true)) && !reason(piece));
    assert.deepEqual(silent.map(named), []);
  });

  it("says why not only where that is so, in a sentence", () => {
    const told = sources.flatMap(piecesOf).filter(({ doc }) => doc.includes("@unaudited"));
    assert.deepEqual(told.filter((piece) => audits(reachOf(piece, false))).map(named), []);
    assert.deepEqual(told.filter((piece) => reason(piece).length < 20).map(named), []);
  });

  it("is found by this reading", () => {
    assert.ok(mutations.length > 80, `${mutations.length} mutations`);
    for (const name of ["archiveRelay", "saveBranding", "unsubscribe", "archiveContact", "receiveUpload"])
      assert.ok(
        mutations.some((piece) => piece.name === name),
        name,
      );
  });
});

describe("the journal", () => {
  it("is written by no page", () => {
    const pages = sources.filter(
      (file) => file.startsWith("app/") && readFileSync(file, "utf8").includes("audit/mutations"),
    );
    assert.deepEqual(pages, []);
  });

  it("is read as state by nobody", () => {
    const readers = sources.filter((file) =>
      /\b(from|join)\s+audit_entries\b|\.auditEntry\.find/.test(readFileSync(file, "utf8")),
    );
    assert.deepEqual(
      readers.filter((file) => !allowed.some((one) => file.endsWith(one))),
      [],
    );
  });
});

/** The journal's own page; its purge; and a sign-in that is not noted twice an hour, which is about the journal itself. */
const allowed = ["audit/queries.ts", "privacy/steps.ts", "users/sign-in.ts"];
