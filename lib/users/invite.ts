/** Accounts that begin, or begin again, with a letter. The letter and its link are written in one transaction. */
import type { Role } from "#db/enums";
import { type AccountLink, invitationMail, type Mail, passwordResetMail } from "#emails/transactional";
import { recordAudit } from "#lib/audit/mutations";
import { sqlOn, transaction } from "#lib/db";
import { enqueueLetter } from "#lib/deliveries/enqueue";
import { formatDateTime } from "#lib/format";
import { catalogs } from "#lib/messages/catalog";
import { ok, refused } from "#lib/result";
import { foldAddress } from "#lib/seal";
import { getHouse, type House } from "#lib/settings/house";
import { type LinkPurpose, makeLink } from "./links.ts";
import { countAttempt } from "./throttle.ts";

type Person = { id: number; name: string; email: string; role: Role; locale: string };
type Newcomer = { email: string; name: string; role: Role };

/**
 * Creates an account without a password and writes to its owner; `by` null is the command line.
 * @returns the link too: the command prints it, screens do not show it.
 */
export async function inviteUser(newcomer: Newcomer, by: { id: number; name: string } | null) {
  const house = await getHouse();
  const made = await transaction(async (client) => {
    const [person] = await sqlOn(client)<Person>`
      insert into users (name, email, role) values (${newcomer.name}, ${foldAddress(newcomer.email)}, ${newcomer.role}::"Role")
      on conflict (email) do nothing returning id, name, email, role, locale`;
    if (!person) return null;
    return { person, url: await write(client, "invitation", person, house, by?.name) };
  });
  if (!made) return { ok: false as const, fields: { email: "users.errors.taken" } };
  const { id } = made.person;
  await recordAudit({
    userId: by?.id ?? null,
    action: "user.invited",
    subject: "user",
    subjectId: id,
    data: { role: newcomer.role },
  });
  return { ok: true as const, url: made.url };
}

/** A fresh invitation to someone who has not set a password yet. */
export async function inviteAgain(userId: number, by: { id: number; name: string }) {
  const house = await getHouse();
  const sent = await transaction(async (client) => {
    const [person] = await sqlOn(client)<Person>`
      select id, name, email, role, locale from users
      where id = ${userId} and password_hash is null and disabled_at is null for update`;
    return person ? write(client, "invitation", person, house, by.name) : null;
  });
  if (!sent) return refused("notFound");
  await recordAudit({ userId: by.id, action: "user.invited", subject: "user", subjectId: userId });
  return ok;
}

/**
 * Writes a reset link to whoever has an account at this address. The answer is the same for every address, and
 * asking counts as a sign-in try so that nobody's mailbox can be flooded.
 */
export async function requestReset(address: string): Promise<typeof ok> {
  const email = foldAddress(address);
  if ((await countAttempt(`reset:${email}`, `reset:${email}`)) > 0) return ok;
  const house = await getHouse();
  await transaction(async (client) => {
    const [person] = await sqlOn(client)<Person & { invited: boolean }>`
      select id, name, email, role, locale, password_hash is null as invited from users
      where email = ${email} and disabled_at is null for update`;
    if (person) await write(client, person.invited ? "invitation" : "reset", person, house);
    // The same work for nobody: the time taken must not tell whether the account exists.
    else await compose("reset", nobody, house, { url: house.publicUrl, expiresAt: new Date() });
  });
  return ok;
}

const nobody: Person = { id: 0, name: "", email: "", role: "reader", locale: "fr" };

type Client = Parameters<typeof sqlOn>[0];

async function write(client: Client, purpose: LinkPurpose, person: Person, house: House, invitedBy?: string) {
  const link = await makeLink(client, purpose, person.id, house.publicUrl);
  const mail = await compose(purpose, person, house, link, invitedBy);
  await enqueueLetter({ kind: "transactional", to: person.email, ...mail }, client);
  return link.url;
}

type Link = { url: string; expiresAt: Date };

function compose(
  purpose: LinkPurpose,
  person: Person,
  house: House,
  link: Link,
  invitedBy?: string,
): Promise<Mail> {
  const locale = person.locale === "en" ? "en" : "fr";
  const common: AccountLink = {
    brand: house.brand,
    product: house.product,
    locale,
    name: person.name,
    url: link.url,
    until: formatDateTime(link.expiresAt, locale),
  };
  if (purpose !== "invitation") return passwordResetMail(common);
  const role = catalogs[locale].users.roles[person.role];
  return invitationMail({ ...common, invitedBy: invitedBy ?? house.brand.name, role });
}
