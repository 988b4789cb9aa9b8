/**
 * Which folders hold the submissions that a command line names.
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

/** A folder with a submission. */
export interface Submission {
  name: string;
  folder: string;
  /** Other identifiers of the student: e-mail addresses, numbers. */
  identity: string[];
  /** When it was handed in, if that is known. */
  handIn: HandIn | undefined;
  /** The reason that this machine cannot read it. */
  unread: string | undefined;
}

/** The settings of a search for submissions. */
export interface FindOptions {
  /** Which of them are wanted; all if absent. */
  shard?: Shard | undefined;
  /** The folder in each submission that holds its files; found if absent. */
  root?: string | undefined;
  /** True if each folder is one submission, whatever is in it. */
  isSingle?: boolean;
  /** True if it is wanted when each was handed in. */
  isTimed?: boolean;
  /** Makes the folder that archives are unpacked into, at most once; the caller removes it. */
  unpackInto: () => Promise<string>;
}

/** The content of the folders of a command line. */
export interface Found {
  submissions: Submission[];
  /** The files and folders that are not graded, each with the reason. */
  ungraded: string[];
}

/** Finds submissions.
 *
 * @param paths Each is a submission, or holds one in each folder or archive in it, or is an
 * archive of either.
 * @throws {CommandError} There is no such folder, or nothing like a submission in any.
 */
export async function findSubmissions(
  paths: readonly string[],
  { shard, root = "", isSingle = false, isTimed = false, unpackInto }: FindOptions,
): Promise<Found> {
  const search = new Search(root, unpackInto);
  for (const path of paths) {
    // Among several paths, each is a student's unless it holds several students.
    await search.add(path, isSingle || paths.length > 1 && !await search.holdsSeveral(path));
  }
  const { ungraded } = search;
  const all = named(search.found).map((each) => ({ ...each, folder: join(each.folder, root) }));
  if (!isSingle && !await search.holdsAny(all)) throw nothingFound(paths, ungraded);
  const submissions = shard === undefined
    ? all
    : all.filter((_, i) => i % shard.count === shard.index - 1);
  if (isTimed) {
    for (const each of submissions) each.handIn ??= await lastCommit(each.folder);
  }
  return { submissions, ungraded: ungraded.toSorted() };
}

function nothingFound(paths: readonly string[], ungraded: readonly string[]): CommandError {
  const what = ungraded.length === 0 ? "" : `, only ${ungraded.slice(0, NAMES_MAX).join(", ")}`;
  return new CommandError(
    `"${paths.join('", "')}" holds neither a submission nor a class${what}; expected client.ts ` +
      "and server.ts, or a folder or archive with both for each student",
  );
}

/** The number of names that a message tells. */
const NAMES_MAX = 5;

/** The place of a submission. */
interface Place {
  folder: string;
  /** The path that was handed in: a folder, or an archive that was unpacked. */
  origin: string;
  /** Its name if it is not that of its origin. */
  name?: string;
  identity?: string[];
  handIn?: HandIn | undefined;
  unread?: string;
}

class Search {
  readonly found: Place[] = [];
  readonly ungraded: string[] = [];
  readonly #root: string;
  readonly #unpackInto: () => Promise<string>;
  #unpacked = 0;
  /** The folder in which the code of each folder was looked for: an archive is unpacked once. */
  readonly #openedAs = new Map<string, string>();

  constructor(root: string, unpackInto: () => Promise<string>) {
    this.#root = root;
    this.#unpackInto = unpackInto;
  }

  /** Adds what a path of the command line holds. */
  async add(path: string, isSingle: boolean): Promise<void> {
    const stat = await Deno.stat(path).catch(() => null);
    if (stat?.isFile && isArchive(path)) {
      const folder = await this.#unpack(path).catch((error: Error) => {
        throw new CommandError(`Cannot unpack "${path}": ${error.message}`);
      });
      if (folder === undefined) return;
      if (isSingle || (await locate(join(folder, this.#root)))[0] === "") {
        this.#push({ folder, origin: path, name: stemOf(basename(path)) });
      } else await this.#addClass(folder);
      return;
    }
    if (stat === null || !stat.isDirectory) {
      throw new CommandError(
        `There is no folder "${path}"; expected one with a client.ts and a server.ts`,
      );
    }
    if (isSingle || await holdsFile(join(path, this.#root))) {
      return await this.#add({ origin: path }, () => this.#opened(path));
    }
    await this.#addClass(path);
  }

  /** Returns true if several folders or archives in a folder may be submissions. */
  async holdsSeveral(folder: string): Promise<boolean> {
    const entries = await entriesOf(folder);
    const inside = entries.filter(isStudentFolder);
    const places = await Promise.all(inside.map(({ name }) => {
      return locate(join(folder, name, this.#root));
    }));
    const archives = entries.filter(isArchiveFile);
    return places.filter((place) => place.length > 0).length + archives.length > 1;
  }

  /** Returns true if there may be a file of a submission anywhere. */
  async holdsAny(all: readonly Submission[]): Promise<boolean> {
    if (all.some(({ unread }) => unread !== undefined)) return true;
    const places = await Promise.all(all.map(({ folder }) => locate(folder)));
    return places.some((place) => place.length > 0);
  }

  #push(place: Place): void {
    if (!this.found.some(({ folder }) => folder === place.folder)) this.found.push(place);
  }

  /** Adds what is found once it is opened. If this machine cannot, that is told of it. */
  async #add(place: Omit<Place, "folder">, open: () => Promise<string>): Promise<void> {
    try {
      this.#push({ ...place, folder: await open() });
    } catch (error) {
      const unread = (error as Error).message;
      this.#push({ ...place, folder: place.origin, unread: `It cannot be unpacked: ${unread}` });
    }
  }

  async #addClass(folder: string): Promise<void> {
    const entries = await entriesOf(folder);
    const senders = await sendersIn(folder);
    if (senders === undefined) {
      // Gradescope puts a folder around what it exports.
      const [only, ...others] = entries.filter(isStudentFolder);
      if (only !== undefined && others.length === 0) {
        const inside = join(folder, only.name);
        if (await sendersIn(inside) !== undefined) return await this.#addClass(inside);
      }
      await this.#refuseUnclear(folder, entries);
    }
    const canvas = canvasHandIns(entries);
    for (const { name, id, isLate, files } of canvas) {
      const handIn = isLate ? { at: null, source: "Canvas" } : undefined;
      const place = { origin: join(folder, name), name, identity: [id], handIn };
      await this.#add(place, () => this.#gathered(folder, files));
    }
    const taken = new Set(canvas.flatMap(({ files }) => [...files.keys()]));
    if (senders !== undefined) taken.add(METADATA_FILE);
    for (const entry of entries) {
      const { name, isDirectory, isSymlink } = entry;
      if (taken.has(name)) continue;
      const path = join(folder, name);
      if (isSymlink) this.ungraded.push(`${name} (a link)`);
      else if (isStudentFolder(entry)) {
        const sender = senders?.get(name) ?? studentOf(name);
        await this.#add({ origin: path, ...sender }, () => this.#opened(path));
      } else if (isDirectory) {
        this.ungraded.push(`${name} (${name.startsWith(".") ? "a hidden folder" : "left out"})`);
      } else if (isArchiveFile(entry)) {
        const open = async () => await this.#unpack(path) ?? await this.#alone(path);
        await this.#add({ origin: path, name: stemOf(name) }, open);
      } else this.ungraded.push(`${name} (a file)`);
    }
  }

  /** Copies the files of one student in an export of Canvas into a folder of their own. */
  async #gathered(folder: string, files: ReadonlyMap<string, string>): Promise<string> {
    const place = await this.#nextFolder();
    for (const [from, to] of files) await Deno.copyFile(join(folder, from), join(place, to));
    return await this.#opened(place);
  }

  /** Refuses a folder in which one folder holds code and others hold none: they may be parts
   * of one hand-in, or students of whom one handed something in. */
  async #refuseUnclear(folder: string, entries: readonly Deno.DirEntry[]): Promise<void> {
    if (entries.some(isArchiveFile)) return;
    const names = entries.filter(isStudentFolder).map(({ name }) => name);
    const places = await Promise.all(names.map((name) => {
      const path = join(folder, name);
      return this.#opened(path).catch(() => path);
    }));
    const hold = await Promise.all(places.map((place) => locate(join(place, this.#root))));
    const [one, ...others] = names.filter((_, i) => hold[i]!.length > 0);
    if (one === undefined || others.length > 0 || names.length === 1) return;
    const rest = names.filter((name) => name !== one).slice(0, NAMES_MAX).join(", ");
    throw new CommandError(
      `"${folder}" may be a submission or a class: ${one}/ holds code, and ${rest} none; for a ` +
        `submission add --root=${one}, for a class name the students' folders one by one`,
    );
  }

  /** The folder itself, or what the only archive in it holds if there is no code beside
   * it. */
  async #opened(folder: string): Promise<string> {
    const known = this.#openedAs.get(folder);
    if (known !== undefined) return known;
    const opened = await this.#open(folder);
    this.#openedAs.set(folder, opened);
    return opened;
  }

  async #open(folder: string): Promise<string> {
    if ((await locate(join(folder, this.#root))).length > 0) return folder;
    const archives = (await entriesOf(folder)).filter(isArchiveFile);
    if (archives.length !== 1) return folder;
    return await this.#unpack(join(folder, archives[0]!.name)) ?? folder;
  }

  /** Unpacks an archive; one that cannot be is told among what is not graded. */
  async #unpack(path: string): Promise<string | undefined> {
    const folder = await this.#nextFolder();
    try {
      await unpack(path, folder);
      return folder;
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      this.ungraded.push(`${basename(path)} (${error.message})`);
      return undefined;
    }
  }

  /** A folder with nothing but a copy of an archive, so that its report says what there is. */
  async #alone(path: string): Promise<string> {
    const folder = await this.#nextFolder();
    await Deno.copyFile(path, join(folder, basename(path)));
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

/** Names submissions after what was handed in, or by their paths where two are called the same. */
function named(places: readonly Place[]): Submission[] {
  const names = places.map(({ origin, name }) => name ?? basename(resolve(origin)));
  return places.map(({ folder, origin, identity = [], handIn, unread }, i) => {
    const isUnique = names.indexOf(names[i]!) === names.lastIndexOf(names[i]!);
    return { folder, name: isUnique ? names[i]! : origin, identity, handIn, unread };
  }).toSorted((one, other) => one.name < other.name ? -1 : 1);
}
