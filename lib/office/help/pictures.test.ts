/** Each picture of the help is there in each language, as e2e/help-pictures.ts takes them, and no other. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import sharp from "sharp";
import { catalogs } from "#lib/machine/messages/catalog";

type Page = { sections: Record<string, { title: string; picture?: string }> };

for (const locale of ["fr", "en"] as const)
  test(`pictures in ${locale}`, async () => {
    const pages: [string, Page][] = Object.entries(catalogs[locale].help.pages);
    const named = pages.flatMap(([page, { sections }]) =>
      Object.entries(sections).flatMap(([id, { picture }]) => (picture ? [`${page}-${id}.webp`] : [])),
    );
    assert.ok(named.length > 0);
    const folder = `public/help/${locale}`;
    assert.deepEqual(readdirSync(folder).sort(), named.sort());
    for (const name of named) assert.equal((await sharp(`${folder}/${name}`).metadata()).format, "webp");
  });
