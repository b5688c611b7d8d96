/**
 * Data and pointer know each other: a file in the data says whose they are and where their pointer lies. A folder that was
 * moved goes on; a copy is not its original; data that are missing are never replaced by an empty base in silence.
 */
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { Explained } from "#lib/machine/explained";
import { type Place, readPointer, record } from "./place.ts";

/** `home` is the pointer’s file, whatever links led to it. */
type Mark = { id: string; home: string };

const markIn = (data: string) => join(data, "src-crm.json");
const homeOf = ({ file }: Place) => join(fs.realpathSync(dirname(file)), basename(file));

/** @throws Explained when a server has run here before and its data are gone. */
export function requireData(place: Place) {
  if (place.port === 0 || fs.existsSync(join(place.data, "PG_VERSION"))) return;
  throw new Explained(
    `Les données de cette installation ne sont plus dans ${place.data}. Rien n’a été créé à leur place : remettez ce dossier où il était, ou rétablissez une sauvegarde. Pour commencer une base vide, effacez d’abord ${place.file}.`,
    `The data of this installation is no longer in ${place.data}. Nothing was made in its place: put that folder back where it was, or restore a backup. To begin with an empty database, delete ${place.file} first.`,
  );
}

/** @throws Explained when the data belong to another folder, with the cure. */
export function recognise(place: Place): { copied: boolean; settle: () => void } {
  const known = readMark(place.data);
  if (place.id === undefined) return adopt(place, known);
  if (known?.id !== place.id) {
    if (place.known) throw stranger(place);
    // Restored without their pointer: theirs is the name, ours are the passwords.
    if (known) record(place, { id: known.id });
  }
  return settled(place, known);
}

/** Of a version before: the first folder that says so has the data. */
function adopt(place: Place, known: Mark | null) {
  if (known && stillAt(known)) throw shared(place, known.home);
  place.id = known?.id ?? randomUUID();
  // The data first: killed in between, the next start does the same again.
  mark(place, place.data);
  record(place, {});
  return { copied: false, settle: () => undefined };
}

function settled(place: Place, known: Mark | null) {
  const settle = () => mark(place, place.data);
  const copied = known !== null && known.home !== homeOf(place) && stillAt(known);
  if (!copied && known?.home !== homeOf(place)) settle();
  // Data elsewhere did not come along: two folders would work on the same.
  if (copied && dirname(place.data) !== dirname(place.file)) throw shared(place, known.home);
  return { copied, settle };
}

function stillAt({ id, home }: Mark): boolean {
  try {
    return readPointer(home.replace(/\.json$/, ""))?.id === id;
  } catch {
    return true; // Somebody else’s, whom we cannot ask: it is there.
  }
}

/** Says in the data, those of `place` or those being made for it, whose they are. */
export function mark(place: Place, data: string) {
  const temporary = `${markIn(data)}.${process.pid}`;
  fs.writeFileSync(temporary, JSON.stringify({ id: place.id, home: homeOf(place) } satisfies Partial<Mark>), {
    mode: 0o600,
  });
  const { uid, gid } = place.account;
  if (uid !== undefined && gid !== undefined) fs.chownSync(temporary, uid, gid);
  fs.renameSync(temporary, markIn(data));
}

function readMark(data: string): Mark | null {
  try {
    return JSON.parse(fs.readFileSync(markIn(data), "utf8")) as Mark;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

const stranger = (place: Place) =>
  new Explained(
    `Les données de ${place.data} ne sont pas celles de ${place.file}. Rien n’a été touché : remettez celles qui vont avec, ou, si ce sont bien celles que vous voulez, effacez ${place.file} (elles recevront de nouveaux mots de passe).`,
    `The data in ${place.data} is not that of ${place.file}. Nothing was touched: put the right one back, or, if it is the one you want, delete ${place.file} (it will get new passwords).`,
  );

const shared = (place: Place, home: string) =>
  new Explained(
    `Ce dossier est une copie, et ses données (${place.data}) sont restées celles de l’original (${dirname(home)}), qui existe toujours. Pour en faire une autre installation : effacez ${place.file}, puis rétablissez ici une sauvegarde (npm run crm -- restore). Si l’original ne sert plus, effacez ${home}.`,
    `This folder is a copy, and its data (${place.data}) is still that of the original (${dirname(home)}), which still exists. To make it another installation: delete ${place.file}, then restore a backup here (npm run crm -- restore). If the original is no longer used, delete ${home}.`,
  );
