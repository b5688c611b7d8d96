/** Until when a person says to be away, in French or English. Words are folded (see lib/text). */

const months: Record<string, number> = {};
for (const [at, names] of [
  "janvier january janv jan",
  "fevrier february fevr fev feb",
  "mars march mar",
  "avril april avr apr",
  "mai may",
  "juin june jun",
  "juillet july juil jul",
  "aout august aug",
  "septembre september sept sep",
  "octobre october oct",
  "novembre november nov",
  "decembre december dec",
].entries())
  for (const name of names.split(" ")) months[name] = at;
const days = [
  "dimanche sunday",
  "lundi monday",
  "mardi tuesday",
  "mercredi wednesday",
  "jeudi thursday",
  "vendredi friday",
  "samedi saturday",
];

const MONTH = Object.keys(months)
  .sort((a, b) => b.length - a.length)
  .join("|");
const WEEKDAY = days.join(" ").replaceAll(" ", "|");
const DAY = `(?:(?:${WEEKDAY}),? )?(?:le |the )?`;
const DATE = `${DAY}(?:(\\d{4})[/ ](\\d{1,2})[/ ](\\d{1,2})|(\\d{1,2})(?:er|st|nd|rd|th)?(?:[/.](\\d{1,2})(?:[/.](\\d{2,4}))?|(?: of)? (${MONTH})\\.?(?:,? (\\d{4}))?)|(${MONTH}) (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?)`;

/** What comes before the day somebody is back, or the last one away: « depuis le », « quitté le » are no returns. */
const LEADS = [
  "(?:de |mon |date de )?retour (?:(?:est )?prevu )?(?:au bureau |parmi vous )?(?:(?:a partir|a compter) d[ue]|des|le|au)?",
  "(?:je )?(?:reviens|reviendrai|rentre|rentrerai|reprends|reprendrai|serai la|serai joignable|serai disponible)(?: \\w{1,12}){0,3}? (?:a partir du|des|le)",
  "jusqu (?:au|a|en)(?: soir du)?",
  "\\bdu (?:\\w{1,10} ){0,2}\\d{1,2}[^\\n.;]{0,30}? au",
  "(?:until|till|through|thru|back(?: in the office)?(?: on)?|return(?:ing)?(?: to the office)?(?: on)?|be back)",
  "from [^\\n.;]{1,30}? to",
].map((lead) => new RegExp(`(?:${lead}) ?(?:${DATE}|(${WEEKDAY})(?: prochain)?\\b)`, "g"));

/** Days after which a date without a year is next year's rather than a slip of this one's. */
const SLIP = 14;

/** The last day away or the day back that the words give, as YYYY-MM-DD, read on `today`; null when they give none. */
export function awayUntil(words: string, today: Date): string | null {
  const text = words.replace(/inclus(?:e|ivement)?/g, "");
  const found = LEADS.flatMap((lead) =>
    [...text.matchAll(lead)].slice(0, 5).map((match) => read(match, today)),
  );
  const dates = found.filter((date) => date !== null).sort();
  return dates.at(-1) ?? null;
}

function read(match: RegExpMatchArray, today: Date): string | null {
  const [, y1, m1, d1, d2, m2, y2, name2, y3, name3, d3, y4, weekday] = match;
  if (weekday) return nextWeekday(weekday, today);
  const year = y1 ?? y2 ?? y3 ?? y4;
  const month = m1 || m2 ? Number(m1 ?? m2) - 1 : months[name2 ?? name3 ?? ""];
  const day = Number(d1 ?? d2 ?? d3);
  if (month === undefined || month > 11 || !(day >= 1 && day <= 31)) return null;
  if (year) return checked(Number(year.length === 2 ? `20${year}` : year), month, day, today);
  const thisYear = checked(today.getUTCFullYear(), month, day, today);
  const passed = thisYear !== null && Date.parse(thisYear) < today.getTime() - SLIP * 86_400_000;
  return passed ? checked(today.getUTCFullYear() + 1, month, day, today) : thisYear;
}

/** A day of the calendar, within two years: further away is no absence. */
function checked(year: number, month: number, day: number, today: Date): string | null {
  const date = new Date(Date.UTC(year, month, day));
  const isDay = date.getUTCMonth() === month && date.getUTCDate() === day;
  return isDay && Math.abs(date.getTime() - today.getTime()) < 731 * 86_400_000 ? iso(date) : null;
}

function nextWeekday(name: string, today: Date): string {
  const wanted = days.findIndex((both) => both.split(" ").includes(name));
  const ahead = (wanted - today.getUTCDay() + 7) % 7 || 7;
  return iso(new Date(today.getTime() + ahead * 86_400_000));
}

const iso = (date: Date): string => date.toISOString().slice(0, 10);
