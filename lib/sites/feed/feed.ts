/**
 * Our own signed feed: one installation is the source of another, under a key that both have. A page at a time, as the
 * script of a site does; whom the partner brought is not given back, nor a value that it said itself.
 */

import { pool, sql } from "#lib/machine/db";
import { compileCriteria } from "#lib/people/segments/compile";
import { findSegment } from "#lib/people/segments/queries";
import { contactXml, type Given } from "#lib/sites/feed/write";
import {
  type End,
  isNonce,
  isRecent,
  isSame,
  type Question,
  signAnswer,
  signQuestion,
} from "#lib/sites/signatures/rules";
import { clientOf } from "#lib/sites/sources/door";
import { mayCome, spendNonce } from "#lib/sites/sources/push";
import { listSecrets, secretAnswered } from "#lib/sites/sources/secret";

type Partner = { id: number; key: string; networks: string[]; segmentId: number | null; fields: string[] };

/**
 * Answers a signed question; anything else is a bare 403.
 * @unaudited Nothing is changed but the nonce, which is spent.
 */
export async function answerFeed(request: Request): Promise<Response> {
  const of = (name: string) => request.headers.get(`x-src-${name}`) ?? "";
  const asked = new URL(request.url).searchParams;
  const question = questionOf(asked);
  const known = await identify(of, question, clientOf(request));
  if (!known || !/^(check|page)$/.test(question.do)) return new Response(null, { status: 403 });
  const { partner, secret } = known;
  const { body, end } = question.do === "check" ? nothingWrong : await page(partner, question);
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<contacts source="${partner.key}" version="1.1" nonce="${of("nonce")}">\n`;
  const document = Buffer.from(head + body);
  const hmac = signAnswer(secret, of("nonce"), document, end);
  const tail = `<end rows="${end.rows}" next="${end.next}" state="${end.state}" hmac="${hmac}"/>\n</contacts>\n`;
  return new Response(Buffer.concat([document, Buffer.from(tail)]), {
    headers: { "content-type": "application/xml; charset=utf-8", "cache-control": "no-store" },
  });
}

/** To « Vérifier », as the script of a site says it: there is no table to map here, so nothing to find wrong. */
const nothingWrong = {
  body: `<check>${Buffer.from('{"facts":{},"findings":[]}').toString("base64")}</check>\n`,
  end: { rows: "0", next: "", state: "" },
};

function questionOf(asked: URLSearchParams): Question {
  return {
    do: asked.get("do") as Question["do"],
    after: asked.get("after") ?? "",
    rows: Number(asked.get("rows")),
    seconds: Number(asked.get("seconds")),
    known: asked.get("known") ?? "",
  };
}

async function identify(of: (name: string) => string, question: Question, client: string) {
  const [key, time, nonce] = [of("key"), of("time"), of("nonce")];
  const [partner] = await sql<Partner>`
    select id, key, networks, gives_segment_id as "segmentId", gives_fields as fields from sources
    where key = ${key} and archived_at is null and gives and access = 'signed'`;
  if (!partner || !/^\d{10}$/.test(time) || !isRecent(Number(time)) || !isNonce(nonce)) return null;
  const secrets = await listSecrets(partner.id);
  const found = secrets.find(({ secret }) =>
    isSame(of("signature"), signQuestion(secret, key, question, Number(time), nonce)),
  );
  if (!found || !mayCome(partner, client) || !(await spendNonce(partner.id, nonce))) return null;
  await secretAnswered(partner.id, found.id);
  return { partner, secret: found.secret };
}

/** Who opposed all our letters is not handed on to somebody else's. Whom the partner created here stays its own; of whom it knows too, only what it did not say itself. */
const given = (where: string) => `
  select c.id, c.updated_at as "updatedAt", c.kind, c.first_name as "firstName", c.last_name as "lastName", c.graduation_year::text as "graduationYear",
    c.phone, c.website, c.street, c.postcode, c.city, c.country, e.id is not null as shared,
    r.first_name as "saidFirstName", r.last_name as "saidLastName", r.graduation_year::text as "saidGraduationYear", r.phone as "saidPhone",
    r.website as "saidWebsite", r.city as "saidCity", r.street as "saidStreet", coalesce(r.addresses, '{}') as "saidAddresses",
    array(select m.address from email_addresses m where m.contact_id = c.id order by m.is_primary desc, m.id limit 10) as addresses,
    (select jsonb_build_object('name', o.name, 'siret', coalesce(o.siret, ''), 'jobTitle', f.job_title, 'role', f.role) from affiliations f
     join organisations o on o.id = f.organisation_id where f.contact_id = c.id and f.ended_at is null order by f.started_at desc, f.id desc limit 1) as organisation
  from contacts c
  left join external_identities e on e.source_id = $1 and e.contact_id = c.id
  left join remembered_rows r on r.identity_id = e.id
  where c.id > $2 and c.archived_at is null and ${where}
    and not exists (select from opposition(null, c.id, null, 'solicitation') o where o.reason in ('complaint', 'unsubscribed', 'suppressed'))
    and not exists (select from activities a where a.contact_id = c.id and a.kind = 'contact.imported' and (a.data ->> 'sourceId')::int = $1)
  order by c.id limit $3`;

async function page(partner: Partner, question: Question): Promise<{ body: string; end: End }> {
  const after = question.after === "" ? 0 : Number(Buffer.from(question.after, "hex").toString()) || 0;
  const limit = Math.min(5000, Math.max(1, question.rows || 1));
  const segment = partner.segmentId ? await findSegment(partner.segmentId) : null;
  const values: unknown[] = [partner.id, after, limit + 1];
  // A segment that is gone gives nobody, rather than everybody.
  const where =
    partner.segmentId && !segment ? "false" : segment ? compileCriteria(segment.criteria, values) : "true";
  const { rows } = await pool().query<Given>(given(where), values);
  const shown = rows.slice(0, limit);
  const next = rows.length > limit ? Buffer.from(String(shown.at(-1)?.id)).toString("hex") : "";
  const body = shown.map((one) => contactXml(one, partner.fields)).join("");
  return { body, end: { rows: String(shown.length), next, state: "" } };
}
