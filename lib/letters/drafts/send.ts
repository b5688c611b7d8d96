/** From a draft to the queue, in one transaction. */
import { actOn, audited } from "#lib/department/audit/mutations";
import { permissions } from "#lib/department/permissions";
import { attachTo } from "#lib/letters/attachments/mutations";
import { findLost, listOfDraft } from "#lib/letters/attachments/queries";
import { enqueueLetter, enqueueTogether } from "#lib/letters/deliveries/enqueue";
import { followed } from "#lib/letters/drafts/followed";
import { hasFault, mergeFor, usesVariables, variablesOf } from "#lib/letters/drafts/merge";
import { letterHtml, textOf } from "#lib/letters/drafts/rich";
import { type Role, type SendInput, undoSeconds } from "#lib/letters/drafts/schema";
import { writeLetter } from "#lib/letters/threads/mutations";
import { type Runner, sqlOn } from "#lib/machine/db";
import { fromWallClock, wallClock } from "#lib/machine/paris";
import { ok, type Result, refused } from "#lib/machine/result";
import { hashAddress } from "#lib/machine/seal";
import { addTask } from "#lib/people/tasks/mutations";

type Refusals =
  | "notDraft"
  | "conflict"
  | "noSubject"
  | "noText"
  | "noIdentity"
  | "noRecipient"
  | "opposed"
  | "answered"
  | "copiesTogether"
  | "variables"
  | "variablesTogether"
  | "missingValue"
  | "fileLost"
  | "folderAway"
  | "inPast"
  | "date";
/** `threads`: how many conversations it is in; one, when it is one mail. */
type Sent = Result<{ threadId: number; threads: number; sent: number; left: number }, Refusals>;

type Draft = {
  id: number;
  subject: string;
  html: string;
  identityId: number | null;
  threadId: number | null;
  answersId: number | null;
  together: boolean;
};
type Recipient = { contactId: number | null; address: string; role: Role };
type Person = Recipient & { id: number; name: string; reason: string | null };

/**
 * Queues the draft: a content, a delivery and a letter for each of its people, who may not see each other. Refused as a
 * whole, it changes nothing. The letters may leave `undoSeconds` later, or at the hour asked for.
 */
export const sendDraft = ({ id, version, at, more, remind }: SendInput, by: number): Promise<Sent> =>
  audited(
    ({ sent, threadId }: { sent: number; threadId: number }) =>
      actOn("letter.sent", id, by, { recipients: sent, threadId }),
    async (client): Promise<Sent> => {
      const asked = at === "" ? null : fromWallClock(at);
      if (at !== "" && !asked) return refused("date");
      if (asked && asked < new Date()) return refused("inPast");
      const found = await takeDraft(client, id, version, by);
      if (!found.ok) return found;
      const fault = await faultOf(client, found.draft, more === "yes");
      if (fault) return fault;
      const people = await peopleOf(client, found.draft);
      const writable = people.filter(({ reason }) => reason === null);
      if (writable.length === 0) return refused(people.length === 0 ? "noRecipient" : "opposed");
      const dueAt = asked ?? new Date(Date.now() + undoSeconds * 1_000);
      // They wrote, whoever answered first: a word more is an answer too.
      const purpose = found.draft.answersId === null ? ("letter" as const) : ("answer" as const);
      const draft = {
        ...found.draft,
        ...(more === "yes" && { answersId: null }),
        purpose,
        dueAt,
        remind,
        by,
      };
      const left = await leave(client, draft, people);
      if (!left.ok) return left;
      await sqlOn(
        client,
      )`update drafts set sent_at = clock_timestamp(), version = version + 1 where id = ${id}`;
      return {
        ...ok,
        threadId: left.threads[0] ?? 0,
        threads: left.threads.length,
        sent: writable.length,
        left: people.length - writable.length,
      };
    },
  );

/**
 * Locked, so that two clicks, or a click and an autosave, come one after the other; its author too, whose account
 * closes before, and nothing leaves, or after, and takes this back.
 */
async function takeDraft(client: Runner, id: number, version: number, by: number) {
  const [draft] = await sqlOn(client)<Draft & { version: number }>`
    select f.id, f.version, f.subject, f.html, f.identity_id as "identityId", f.thread_id as "threadId", f.answers_id as "answersId", f.together
    from drafts f join users u on u.id = f.author_id and u.disabled_at is null and u.role = any(${permissions["letters.send"]}::"Role"[])
    where f.id = ${id} and f.author_id = ${by} and f.sent_at is null for update of f for share of u`;
  if (!draft) return refused("notDraft");
  return draft.version === version ? { ...ok, draft } : refused("conflict");
}

async function faultOf(client: Runner, draft: Draft, more: boolean) {
  if (draft.subject === "") return refused("noSubject");
  if (textOf(draft.html) === "") return refused("noText");
  if (hasFault(draft)) return refused("variables");
  const [identity] = await sqlOn(client)`
    select 1 from identities i join relays r on r.id = i.relay_id
    where i.id = ${draft.identityId}::int and i.archived_at is null and r.archived_at is null`;
  if (!identity) return refused("noIdentity");
  const lost = await findLost(await listOfDraft(draft.id));
  if (lost) return refused(lost.state === "lost" ? "fileLost" : "folderAway", { name: lost.name });
  if (draft.answersId === null || more) return null;
  // Held until we commit: whoever answers the same mail at this moment waits, then sees our letter.
  await sqlOn(client)`select 1 from letters where id = ${draft.answersId} for update`;
  const [other] = await sqlOn(client)<{ who: string | null }>`
    select u.name as who from letters l left join users u on u.id = l.author_id where l.answers_id = ${draft.answersId}`;
  return other
    ? refused("answered", { who: other.who ?? "—", href: `/inbox/${draft.threadId}`, label: draft.subject })
    : null;
}

/**
 * Everybody of the draft with the address their letter would go to, and why it may not, if so (decision 28): judged by
 * that address, in the address book or not, as the claim will.
 */
export async function peopleOf(client: Runner, { id, answersId }: Pick<Draft, "id" | "answersId">) {
  const people = await sqlOn(client)<Omit<Person, "reason">>`
    select r.id, r.role::text, r.contact_id as "contactId", coalesce(btrim(c.first_name || ' ' || c.last_name), '') as name,
      coalesce(nullif(r.address, ''), a.address, '') as address
    from draft_recipients r left join contacts c on c.id = r.contact_id
    left join lateral (
      select m.address from email_addresses m where m.contact_id = c.id order by m.is_primary desc, m.id limit 1) a on true
    where r.draft_id = ${id} order by r.role, r.id`;
  const judged = await sqlOn(client)<{ reason: string | null }>`
    select case when p.address = '' then 'noAddress' else o.reason end as reason
    from unnest(${people.map(({ address }) => address)}::text[], ${people.map(({ address }) => Buffer.from(hashAddress(address)))}::bytea[],
      ${people.map(({ contactId }) => contactId)}::int[], ${people.map(({ role }) => role)}::"RecipientRole"[]) with ordinality p (address, hash, person, role, n)
    cross join lateral opposition(p.hash, p.person, null, purpose_of('personal', ${answersId === null ? "letter" : "answer"}::"MailPurpose", p.role)) o
    order by p.n`;
  return people.map((person, i): Person => ({ ...person, reason: judged[i]?.reason ?? null }));
}

type Leaving = Draft & { purpose: "letter" | "answer"; dueAt: Date; remind: number; by: number };

/** All of them merged before any is queued. One mail to several names nobody: it cannot speak to each. */
async function leave(
  client: Runner,
  draft: Leaving,
  people: Person[],
): Promise<Result<{ threads: number[] }, "copiesTogether" | "variablesTogether" | "missingValue">> {
  const writable = people.filter(({ reason }) => reason === null);
  const named = people.filter(({ role }) => role === "to");
  const several = isToSeveral(draft, people);
  if (!several && named.length < people.length) return refused("copiesTogether");
  if (several && named.length > 1 && usesVariables(draft)) return refused("variablesTogether");
  const known = await variablesOf(
    client,
    people.flatMap(({ contactId }) => contactId ?? []),
  );
  const letters = [];
  for (const person of several ? named.slice(0, 1) : writable) {
    const merged = mergeFor(draft, known.get(person.contactId ?? 0) ?? {});
    if (!merged.ok) return refused(merged.reason, { ...merged.params, who: person.name || person.address });
    letters.push({ words: merged.words, person });
  }
  const threads: number[] = [];
  if (several) threads.push(await sendAll(client, letters[0]?.words ?? draft, writable));
  else for (const { words, person } of letters) threads.push(await sendOne(client, words, person));
  return { ...ok, threads };
}

/** Returns the thread it is in. */
async function sendOne(client: Runner, draft: Leaving, { contactId, address }: Recipient): Promise<number> {
  const { id: draftId, subject, threadId, answersId, by } = draft;
  const text = textOf(draft.html);
  const deliveryId = await enqueueLetter(
    { ...(await mailOf(client, draft)), to: address, contactId },
    client,
  );
  await attachTo(client, deliveryId, draftId);
  if (draft.remind > 0) await remindOf(client, draft, deliveryId);
  return writeLetter(client, { threadId, subject, text, contactId, answersId, deliveryId, draftId }, by);
}

/** One letter in the thread for all of them: that of the first. */
async function sendAll(client: Runner, draft: Leaving, people: Recipient[]): Promise<number> {
  const { id: draftId, subject, threadId, answersId, by } = draft;
  const deliveryId = await enqueueTogether(await mailOf(client, draft), people, client);
  await attachTo(client, deliveryId, draftId);
  if (draft.remind > 0) await remindOf(client, draft, deliveryId);
  const contactId = people[0]?.contactId ?? null;
  return writeLetter(
    client,
    { threadId, subject, text: textOf(draft.html), contactId, answersId, deliveryId, draftId },
    by,
  );
}

/** A copy is of one mail, and several who see each other read the same. */
const isToSeveral = ({ together }: Draft, people: Recipient[]) => {
  const to = people.filter(({ role }) => role === "to").length;
  return people.length > 1 && (together || to <= 1);
};

const mailOf = async (client: Runner, draft: Leaving) => ({
  kind: "personal" as const,
  subject: draft.subject,
  html: letterHtml(draft.html),
  text: textOf(draft.html),
  identityId: draft.identityId ?? 0,
  dueAt: draft.dueAt,
  purpose: draft.purpose,
  ...(await followed(client, draft)),
});

/** *Remind me if unanswered*: a task that the answer closes by itself. About whom, the delivery says. */
async function remindOf(client: Runner, { subject, dueAt, remind, by }: Leaving, awaitsId: number) {
  const [author] = await sqlOn(client)<{ locale: string }>`select locale from users where id = ${by}`;
  const title = `${author?.locale === "en" ? "Unanswered:" : "Sans réponse\u202f:"} ${subject}`.slice(0, 200);
  const dueOn = wallClock(new Date(dueAt.getTime() + remind * 86_400_000)).slice(0, 10);
  await addTask(client, { title, ownerId: by, dueOn, awaitsId }, by);
}
