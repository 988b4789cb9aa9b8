/**
 * Finds the folders that hold the submissions of a command line.
 *
 * @module
 */

import { basename, join, relative } from "node:path";
import { CommandError, nameList } from "../../cli/mod.ts";
import { isArchive } from "./archive.ts";
import { lastCommit } from "./commit_time.ts";
import { holdsFile } from "./locate.ts";
import { type Class, Opener, type Place, type Submission } from "./open_hand_ins.ts";
import type { Shard } from "../options.ts";

/** The settings of a search for submissions. */
export interface FindOptions {
  /** The part of the class to return; the whole class if absent. */
  shard?: Shard | undefined;
  /** The folder in each submission that holds its files; searched for if absent. */
  root?: string | undefined;
  /** True if each path is one submission, whatever it holds. */
  isSingle?: boolean;
  /** True if the time of each hand-in is needed. */
  isTimed?: boolean;
  /** Makes the folder that archives are unpacked into, at most once; the caller removes it. */
  unpackInto: () => Promise<string>;
}

/** The result of a search. */
export interface Found {
  submissions: Submission[];
  /** The files and folders that are not graded, each with the reason. */
  ungraded: string[];
}

/** Finds submissions.
 *
 * @param paths Folders and archives. Each is a submission, or holds a submission in each of its
 * folders and archives.
 * @throws {CommandError} A path does not exist, or no path holds a submission.
 */
export async function findSubmissions(
  paths: readonly string[],
  { shard, root = "", isSingle = false, isTimed = false, unpackInto }: FindOptions,
): Promise<Found> {
  const opener = new Opener(root, unpackInto);
  const places: Place[] = [];
  const ungraded: string[] = [];
  for (const path of paths) {
    const place = await opener.openPath(path);
    if (place.damage !== undefined && paths.length === 1 && !isSingle) {
      throw new CommandError(`Cannot unpack "${path}": ${place.damage}`);
    }
    // One of several paths is a submission, unless it is a folder with several submissions.
    const areSeveral = paths.length > 1;
    const isOne = isSingle || (place.damage ?? place.unread) !== undefined ||
      areSeveral && place.folder !== path || await holdsFile(join(place.folder, root));
    const inside = isOne ? undefined : await opener.classIn(place.folder, !areSeveral);
    if (inside === undefined || areSeveral && inside.places.filter(isStudents).length < 2) {
      if (!places.some(({ origin }) => origin === path)) places.push(await opener.asOne(place));
      continue;
    }
    const count = inside.places.filter(({ holdsCode }) => holdsCode).length;
    if (count === 1 && !inside.isClear && inside.places.length > 1) throw unclear(place, inside);
    places.push(...inside.places);
    ungraded.push(...inside.ungraded);
  }
  if (!isSingle && !places.some(isHandIn)) throw nothingFound(paths, root, ungraded);
  const all = named(places).map((each) => ({ ...each, folder: join(each.folder, root) }));
  const submissions = shard === undefined
    ? all
    : all.filter((_, i) => i % shard.count === shard.index - 1);
  if (isTimed) {
    for (const each of submissions) {
      if (each.unread === undefined) each.handIn ??= await lastCommit(each.folder);
    }
  }
  return { submissions, ungraded: ungraded.toSorted() };
}

/** Returns true if a place holds code, or could not be opened. */
function isHandIn({ holdsCode, unread, damage }: Place): boolean {
  return holdsCode || unread !== undefined || damage !== undefined;
}

/** Returns true if a place itself holds code, and not only an archive in it. */
function isStudents({ holdsCode, folder, origin }: Place): boolean {
  return holdsCode && (folder === origin || isArchive(origin));
}

function nothingFound(
  paths: readonly string[],
  root: string,
  ungraded: readonly string[],
): CommandError {
  const what = ungraded.length === 0 ? "" : `, only ${nameList(ungraded)}`;
  const where = root === "" ? "" : ` in ${root}/`;
  return new CommandError(
    `"${paths.join('", "')}" holds neither a submission nor a class${what}; expected client.ts ` +
      `and server.ts${where}, or a folder or archive with both for each student`,
  );
}

/** Returns the error for a folder in which only one folder holds code: the folders may be parts of
 * one submission, or hand-ins of several students. */
function unclear({ origin: path, folder }: Place, { places }: Class): CommandError {
  const one = places.find(({ holdsCode }) => holdsCode)!;
  const rest = places.filter((place) => place !== one);
  const names = nameList(rest.map(({ origin }) => basename(origin)));
  const way = relative(folder, one.origin);
  const name = way.startsWith("..") ? basename(one.origin) : way;
  return new CommandError(
    `"${path}" may be a submission or a class: ${name}/ holds code, and ${names} none; for a ` +
      `submission add --root=${name}, for a class name the students' folders one by one`,
  );
}

/** Returns submissions in the order of their names. Equal names are replaced by paths. */
function named(places: readonly Place[]): Submission[] {
  const names = places.map(({ name }) => name);
  return places.map(({ origin, holdsCode: _, ...place }, i) => {
    const isUnique = names.indexOf(names[i]!) === names.lastIndexOf(names[i]!);
    return isUnique ? place : { ...place, name: origin };
  }).toSorted((one, other) => one.name < other.name ? -1 : 1);
}
