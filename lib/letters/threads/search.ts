/** Searching « Messagerie » by words, people and addresses, at a cost that does not grow with what is kept. */
import { pool } from "#lib/machine/db";
import { literal } from "#lib/machine/keyset";

/**
 * Up to so many threads are sorted; of more, the newest ones are walked, and soon found. Each of them is one read of a wide
 * row, wherever it lies.
 */
const FEW = 3_000;
/** People whose name or address a word is in; of more, the word is no name. */
const MOST_PEOPLE = 200;
const MOST_WORDS = 8;

/** SQL about the thread `t`; `add` takes a value and gives its placeholder. */
export type Condition = (add: (value: unknown) => string) => string;
export type Search = {
  /** Of one thread, whose words are read: for those that are walked. */
  holds: Condition;
  /** Which ones an index finds, when they are few; else null. */
  listed: () => Promise<Condition | null>;
};

/**
 * Every word is the beginning or another form of one in the thread (subject, letters, notes, senders), or is in the name or
 * address of somebody it is with. Accents and case count for nothing.
 */
export async function searchFor(q: string): Promise<Search> {
  const words = (q.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, MOST_WORDS);
  if (words.length === 0) return { holds: () => "false", listed: async () => () => "false" };
  const people = await Promise.all(words.map(threadsOfPeople));
  const says: Condition = (add) =>
    words
      .map((word, i) => {
        const text = add(`${word}:*`);
        const said = `w.words @@ (to_tsquery('mail_words', ${text}) || to_tsquery('mail_stems', ${text}))`;
        return people[i]?.length ? `(${said} or w.thread_id = any(${add(people[i])}::int[]))` : said;
      })
      .join(" and ");
  return {
    holds: (add) => `(select ${says(add)} from thread_words w where w.thread_id = t.id)`,
    listed: async () => {
      const few = await listFew(says);
      return few && ((add) => `t.id = any(${add(few)}::int[])`);
    },
  };
}

/** All of them when they are few, else null. */
async function listFew(says: Condition): Promise<number[] | null> {
  const values: unknown[] = [];
  const condition = says((value) => `$${values.push(value)}`);
  const { rows } = await pool().query<{ id: number }>(
    `select w.thread_id as id from thread_words w where ${condition} limit ${FEW + 1}`,
    values,
  );
  return rows.length > FEW ? null : rows.map(({ id }) => id);
}

/** Threads with the people whose name or address the word is in. */
async function threadsOfPeople(word: string): Promise<number[]> {
  const { rows } = await pool().query<{ ids: number[] | null }>(
    `with people as materialized (
       (select id from contacts where sort_name like '%' || fold($1) || '%' limit ${MOST_PEOPLE + 1})
       union (select contact_id from email_addresses where address ilike '%' || $1 || '%' limit ${MOST_PEOPLE + 1}))
     select array_agg(distinct l.thread_id) as ids
     from letters l where (select count(*) from people) <= ${MOST_PEOPLE} and l.contact_id in (select id from people)`,
    [literal(word)],
  );
  return rows[0]?.ids ?? [];
}
