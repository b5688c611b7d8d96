import { handler } from "#lib/gates/handler";
import { idOf } from "#lib/machine/asked";
import { writeScript } from "#lib/sites/script/script";
import { findSource } from "#lib/sites/sources/queries";
import { renewSecret } from "#lib/sites/sources/secret";

/** Makes a new secret and gives it once: in the script of the site, or alone. */
export const POST = handler("sources.edit", async (request, user, params) => {
  const id = idOf(params.id) ?? 0;
  const source = await findSource(id);
  if (!source || source.archivedAt) return new Response(null, { status: 404 });
  const what = new URLSearchParams(await request.text()).get("what");
  const renewed = await renewSecret(id, user.id);
  if (!renewed.ok) return new Response(null, { status: 404 });
  if (what === "key") return file(`cle-${source.key}.txt`, `${renewed.secret}\n`);
  return file("src-contacts.php", writeScript(source.key, renewed.secret, source.mapping));
});

const file = (name: string, text: string) =>
  new Response(text, {
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
