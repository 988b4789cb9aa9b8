/**
 * Finds the folders that hold the submissions of a command line.
 *
 * @module
 */

import { basename, join, resolve } from "node:path";
import { CommandError } from "../../cli/mod.ts";
import { ArchiveError, isArchive, stemOf, unpack } from "./archive.ts";
import { lastCommit } from "./commit_time.ts";
import { canvasHandIns, studentOf } from "./course_exports.ts";
import { METADATA_FILE, sendersIn } from "./gradescope_metadata.ts";
import type { HandIn } from "../result/late.ts";
import { entriesOf, holdsFile, locate, mayHoldCode } from "./locate.ts";
import type { Shard } from "../options.ts";

/** A submission, opened. */
export interface Submission {
  name: string;
  /** The folder that holds its files. */
  folder: string;
  /** Other identifiers of the student: e-mail addresses, numbers. */
  identity: string[];
  /** When it was handed in, if that is known. */
  handIn: HandIn | undefined;
  /** The reason that this machine cannot read it. */
  unread: string | undefined;
  /** The reason that nobody can read it. */
  damage: string | undefined;
}

/** The settings of a search for submissions. */
export interface FindOptions {
  /** The part of the class that is wanted; all of it if absent. */
  shard?: Shard | undefined;
  /** The folder in each submission that holds its files; found if absent. */
  root?: string | undefined;
  /** True if each path is one submission, whatever is in it. */
  isSingle?: boolean;
  /** True if the time of each hand-in is wanted. */
  isTimed?: boolean;
  /** Makes the folder that archives are unpacked into, at most once; the caller removes it. */
  unpackInto: () => Promise<string>;
}

/** The content of the paths of a command line. */
export interface Found {
  submissions: Submission[];
  /** The files and folders that are not graded, each with the reason. */
  ungraded: string[];
}

/** A submission with the path that was handed in. */
interface Place extends Submission {
  /** A folder, or an archive that was unpacked. */
  origin: string;
  holdsCode: boolean;
}

/** The submissions in a folder, and what lies beside them. */
interface Class {
  places: Place[];
  ungraded: string[];
  /** True if its names say that it holds one submission of each student. */
  isClear: boolean;
}

/** The number of names in a message. */
const NAMES_MAX = 5;

/** Finds submissions.
 *
 * @param paths Each is a submission, or holds one in each folder or archive in it, or is an
 * archive of either.
 * @throws {CommandError} A path does not exist, or no path holds a submission.
 */
export async function findSubmissions(
  paths: readonly string[],
  { shard, root = "", isSingle = false, isTimed = false, unpackInto }: FindOptions,
): Promise<Found> {
  const search = new Search(root, unpackInto);
  const places: Place[] = [];
  const ungraded: string[] = [];
  for (const path of paths) {
    const place = await search.openPath(path);
    if (place.damage !== undefined && paths.length === 1 && !isSingle) {
      throw new CommandError(`Cannot unpack "${path}": ${place.damage}`);
    }
    // Among several paths, an archive is a student's, and so is a folder unless it holds several
    // students.
    const isOneOf = paths.length > 1;
    const isOne = isSingle || (place.damage ?? place.unread) !== undefined ||
      isOneOf && place.folder !== path || await holdsFile(join(place.folder, root));
    const inside = isOne ? undefined : await search.classIn(place.folder);
    if (inside === undefined || isOneOf && inside.places.filter(isStudents).length < 2) {
      if (!places.some(({ origin }) => origin === path)) places.push(await search.asOne(place));
      continue;
    }
    const count = inside.places.filter(({ holdsCode }) => holdsCode).length;
    if (count === 1 && !inside.isClear && inside.places.length > 1) throw unclear(path, inside);
    places.push(...inside.places);
    ungraded.push(...inside.ungraded);
  }
  if (!isSingle && !places.some(isTold)) throw nothingFound(paths, root, ungraded);
  const all = named(places).map((each) => ({ ...each, folder: join(each.folder, root) }));
  const submissions = shard === undefined
    ? all
    : all.filter((_, i) => i % shard.count === shard.index - 1);
  if (isTimed) {
    for (const each of submissions) each.handIn ??= await lastCommit(each.folder);
  }
  return { submissions, ungraded: ungraded.toSorted() };
}

/** Returns true if a place holds code or a reason that none can be read. */
function isTold({ holdsCode, unread, damage }: Place): boolean {
  return holdsCode || unread !== undefined || damage !== undefined;
}

/** Returns true if a place holds code by itself, and not only in an archive inside it. */
function isStudents({ holdsCode, folder, origin }: Place): boolean {
  return holdsCode && (folder === origin || isArchive(origin));
}

function nothingFound(
  paths: readonly string[],
  root: string,
  ungraded: readonly string[],
): CommandError {
  const what = ungraded.length === 0 ? "" : `, only ${ungraded.slice(0, NAMES_MAX).join(", ")}`;
  const where = root === "" ? "" : ` in ${root}/`;
  return new CommandError(
    `"${paths.join('", "')}" holds neither a submission nor a class${what}; expected client.ts ` +
      `and server.ts${where}, or a folder or archive with both for each student`,
  );
}

/** Returns the error for a folder in which one folder holds code and others hold none: they may
 * be parts of one hand-in, or students of whom one handed something in. */
function unclear(path: string, { places }: Class): CommandError {
  const one = places.find(({ holdsCode }) => holdsCode)!;
  const rest = places.filter((place) => place !== one).slice(0, NAMES_MAX);
  const names = rest.map(({ origin }) => basename(origin)).join(", ");
  const name = basename(one.origin);
  return new CommandError(
    `"${path}" may be a submission or a class: ${name}/ holds code, and ${names} none; for a ` +
      `submission add --root=${name}, for a class name the students' folders one by one`,
  );
}

/** Opens folders and archives. */
class Search {
  readonly #root: string;
  readonly #unpackInto: () => Promise<string>;
  #unpacked = 0;

  constructor(root: string, unpackInto: () => Promise<string>) {
    this.#root = root;
    this.#unpackInto = unpackInto;
  }

  /** Opens a path of the command line.
   *
   * @throws {CommandError} It is neither a folder nor an archive. */
  async openPath(path: string): Promise<Place> {
    const stat = await Deno.stat(path).catch(() => null);
    if (stat?.isDirectory) return await this.#place(path, () => Promise.resolve(path));
    if (stat?.isFile && isArchive(path)) {
      return await this.#place(path, () => this.#unpack(path), { name: stemOf(basename(path)) });
    }
    throw new CommandError(
      stat === null
        ? `There is no folder "${path}"; expected one with a client.ts and a server.ts`
        : `"${path}" is not a folder; expected one with a client.ts and a server.ts, or an ` +
          "archive (.zip, .tar, .tar.gz, .tgz)",
    );
  }

  /** Opens what a path of the command line holds as one submission. */
  async asOne({ origin, folder, ...known }: Place): Promise<Place> {
    if (known.damage ?? known.unread) return { origin, folder, ...known };
    return await this.#place(origin, () => this.#opened(folder), { name: known.name });
  }

  /** Opens every submission in a folder. */
  async classIn(folder: string): Promise<Class> {
    const entries = await entriesOf(folder);
    const senders = await sendersIn(folder);
    const [only, ...others] = entries.filter(isStudentFolder);
    if (senders === undefined && only !== undefined && others.length === 0) {
      // Gradescope puts a folder around what it exports.
      const inside = join(folder, only.name);
      if (await sendersIn(inside) !== undefined) return await this.classIn(inside);
    }
    const places: Place[] = [];
    const ungraded: string[] = [];
    const canvas = canvasHandIns(entries);
    for (const { name, id, isLate, files } of canvas) {
      const handIn = isLate ? { at: null, source: "Canvas" } : undefined;
      const known = { name, identity: [id], handIn };
      places.push(
        await this.#place(join(folder, name), () => this.#gathered(folder, files), known),
      );
    }
    const taken = new Set(canvas.flatMap(({ files }) => [...files.keys()]));
    if (senders !== undefined) taken.add(METADATA_FILE);
    for (const entry of entries.filter(({ name }) => !taken.has(name))) {
      const { name, isDirectory, isSymlink } = entry;
      const path = join(folder, name);
      if (isStudentFolder(entry)) {
        const known = senders?.get(name) ?? studentOf(name);
        places.push(await this.#place(path, () => this.#opened(path), known));
      } else if (isArchiveFile(entry)) {
        const open = async () => await this.#opened(await this.#unpack(path));
        places.push(await this.#place(path, open, { name: stemOf(name) }));
      } else {
        const folderKind = name.startsWith(".") ? "a hidden folder" : "left out";
        const kind = isSymlink ? "a link" : isDirectory ? folderKind : "a file";
        ungraded.push(`${name} (${kind})`);
      }
    }
    const isClear = senders !== undefined || canvas.length > 0 || entries.some(isArchiveFile);
    return { places, ungraded, isClear };
  }

  /** Opens a hand-in; a failure becomes part of it. */
  async #place(
    origin: string,
    open: () => Promise<string>,
    known: Partial<Submission> = {},
  ): Promise<Place> {
    const name = basename(resolve(origin));
    const nothing = { identity: [], handIn: undefined, unread: undefined, damage: undefined };
    const place = { name, ...nothing, ...known, origin, folder: origin, holdsCode: false };
    try {
      const folder = await open();
      const holdsCode = (await locate(join(folder, this.#root))).length > 0;
      return { ...place, folder, holdsCode };
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof ArchiveError) return { ...place, damage: message };
      return { ...place, unread: `It cannot be unpacked: ${message}` };
    }
  }

  /** Returns the folder itself, or what the only archive in it holds if no code is beside it. */
  async #opened(folder: string): Promise<string> {
    if ((await locate(join(folder, this.#root))).length > 0) return folder;
    const archives = (await entriesOf(folder)).filter(isArchiveFile);
    return archives.length === 1 ? await this.#unpack(join(folder, archives[0]!.name)) : folder;
  }

  /** Copies the files of one student in an export of Canvas into a folder of their own. */
  async #gathered(folder: string, files: ReadonlyMap<string, string>): Promise<string> {
    const place = await this.#nextFolder();
    for (const [from, to] of files) await Deno.copyFile(join(folder, from), join(place, to));
    return await this.#opened(place);
  }

  async #unpack(path: string): Promise<string> {
    const folder = await this.#nextFolder();
    await unpack(path, folder);
    return folder;
  }

  async #nextFolder(): Promise<string> {
    const folder = join(await this.#unpackInto(), String(++this.#unpacked));
    await Deno.mkdir(folder);
    return folder;
  }
}

function isArchiveFile({ name, isFile }: Deno.DirEntry): boolean {
  return isFile && isArchive(name);
}

function isStudentFolder({ name, isDirectory }: Deno.DirEntry): boolean {
  return isDirectory && mayHoldCode(name);
}

/** Sorts submissions by name. Those of the same name are named after their paths. */
function named(places: readonly Place[]): Submission[] {
  const names = places.map(({ name }) => name);
  return places.map(({ origin, holdsCode: _, ...place }, i) => {
    const isUnique = names.indexOf(names[i]!) === names.lastIndexOf(names[i]!);
    return isUnique ? place : { ...place, name: origin };
  }).toSorted((one, other) => one.name < other.name ? -1 : 1);
}
