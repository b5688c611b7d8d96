/** Accounts that begin, or begin again, with a letter. The letter and its link are written in one transaction. */
import type { Role } from "#db/enums";
import { type AccountLink, invitationMail, type Mail, passwordResetMail } from "#emails/transactional";
import { type AuditFact, recordAudit } from "#lib/department/audit/mutations";
import { getHouse, type House } from "#lib/department/settings/house";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { secretSlot } from "#lib/letters/deliveries/secrets";
import { sql, sqlOn, transaction } from "#lib/machine/db";
import { formatDateTime } from "#lib/machine/format";
import { catalogs } from "#lib/machine/messages/catalog";
import { ok, refused } from "#lib/machine/result";
import { foldAddress } from "#lib/machine/seal";
import { type LinkPurpose, linkUrl, makeLink } from "./links.ts";
import { linkHours } from "./rules.ts";
import { mayAskReset, mayInvite, unknownVisitor, type Visitor } from "./throttle.ts";

type Person = { id: number; name: string; email: string; role: Role; locale: string };
type Newcomer = { email: string; name: string; role: Role };

/**
 * Creates an account without a password and writes to its owner; `by` null is the command line.
 * @returns the link too: the command prints it, screens do not show it.
 */
export async function inviteUser(newcomer: Newcomer, by: { id: number; name: string } | null) {
  const email = foldAddress(newcomer.email);
  if (!(await mayInvite(email, by))) return refused("throttled");
  const letter = await draft("invitation", { ...newcomer, email, locale: "fr" }, by?.name);
  const url = await transaction(async (client) => {
    const [person] = await sqlOn(client)<{ id: number }>`
      insert into users (name, email, role) values (${newcomer.name}, ${email}, ${newcomer.role}::"Role")
      on conflict (email) do nothing returning id`;
    if (!person) return null;
    await recordAudit(invited(person.id, by, { role: newcomer.role }), client);
    return write(client, letter, { id: person.id, email });
  });
  if (!url) return { ok: false as const, fields: { email: "users.errors.taken" } };
  return { ok: true as const, url };
}

/** A fresh invitation to someone who has not set a password yet. */
export async function inviteAgain(userId: number, by: { id: number; name: string }) {
  const person = await findPerson(sql`
    select id, name, email, role, locale, password_hash is null as invited from users
    where id = ${userId} and password_hash is null and disabled_at is null`);
  if (!person) return refused("notFound");
  if (!(await mayInvite(person.email, by))) return refused("throttled");
  const letter = await draft("invitation", person, by.name);
  const sent = await transaction(async (client) => {
    if (!(await lockPerson(client, letter, person))) return false;
    await recordAudit(invited(person.id, by), client);
    await write(client, letter, person);
    return true;
  });
  return sent ? ok : refused("notFound");
}

/**
 * Writes a reset link to whoever has an account at this address. The answer is the same for every address, and asking
 * is counted: by address, so that nobody's mailbox is flooded, and by network. A browser known to the account is
 * counted apart, so that nobody else can use its owner's tries up.
 * @unaudited Anybody may ask for anybody’s address; using the link is audited.
 */
export async function requestReset(address: string, from: Visitor = unknownVisitor): Promise<typeof ok> {
  const email = foldAddress(address);
  const person = await findPerson(sql`
    select id, name, email, role, locale, password_hash is null as invited from users
    where email = ${email} and disabled_at is null`);
  if (!(await mayAskReset(email, person?.id, from))) return ok;
  // The same work for nobody: the time taken must not tell whether the account exists.
  const letter = await draft(person?.invited ? "invitation" : "reset", person ?? nobody);
  if (person)
    await transaction(async (client) => {
      if (await lockPerson(client, letter, person)) await write(client, letter, person);
    });
  return ok;
}

type Known = Person & { invited: boolean };
const nobody: Omit<Person, "id"> = { name: "", email: "", role: "reader", locale: "fr" };

async function findPerson(rows: Promise<Known[]>): Promise<Known | null> {
  return (await rows)[0] ?? null;
}

const invited = (subjectId: number, by: { id: number } | null, data = {}): AuditFact => ({
  userId: by?.id ?? null,
  action: "user.invited",
  subject: "user",
  subjectId,
  data,
});

type Letter = { purpose: LinkPurpose; mail: Mail; baseUrl: string };

/** Composed before any transaction, with a slot where the link's secret goes. */
async function draft(purpose: LinkPurpose, to: Omit<Person, "id">, invitedBy?: string): Promise<Letter> {
  const house = await getHouse();
  const until = new Date(Date.now() + linkHours[purpose] * 3_600_000);
  const link = { url: linkUrl(house.publicUrl, purpose, secretSlot), until };
  return { purpose, mail: await linkMail(purpose, to, house, link, invitedBy), baseUrl: house.publicUrl };
}

/** Whether the account is still as it was when the letter was composed; nobody closes it before the letter is written. */
async function lockPerson(client: Client, { purpose }: Letter, { id }: { id: number }): Promise<boolean> {
  const rows = await sqlOn(client)`
    select from users where id = ${id} and disabled_at is null and (password_hash is null) = ${purpose === "invitation"} for update`;
  return rows.length === 1;
}

type Client = Parameters<typeof sqlOn>[0];

async function write(client: Client, letter: Letter, to: { id: number; email: string }): Promise<string> {
  const { url, token } = await makeLink(client, letter.purpose, to.id, letter.baseUrl);
  await enqueueLetter({ kind: "transactional", to: to.email, ...letter.mail, secret: token }, client);
  return url;
}

function linkMail(
  purpose: LinkPurpose,
  person: Omit<Person, "id">,
  house: House,
  link: { url: string; until: Date },
  invitedBy?: string,
): Promise<Mail> {
  const locale = person.locale === "en" ? "en" : "fr";
  const common: AccountLink = {
    brand: house.brand,
    product: house.product,
    locale,
    name: person.name,
    url: link.url,
    until: formatDateTime(link.until, locale),
  };
  if (purpose !== "invitation") return passwordResetMail(common);
  const role = catalogs[locale].users.roles[person.role];
  return invitationMail({ ...common, invitedBy: invitedBy ?? house.brand.name, role });
}
