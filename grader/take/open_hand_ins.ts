/**
 * Opens hand-ins: folders, archives, and the exports of course systems.
 *
 * @module
 */

import { basename, join, resolve } from "node:path";
import { CommandError, systemReason } from "../../cli/mod.ts";
import { ArchiveError, isArchive, stemOf, unpack } from "./archive.ts";
import { canvasHandIns, isTextBesideFiles, studentOf } from "./course_exports.ts";
import { METADATA_FILE, sendersIn } from "./gradescope_metadata.ts";
import type { HandIn } from "../result/late.ts";
import { entriesOf, holdsFile, locate, mayHoldCode } from "./locate.ts";

/** An opened submission. */
export interface Submission {
  name: string;
  /** The folder that holds its files. */
  folder: string;
  /** Other identifiers of the student: e-mail addresses, numbers. */
  identity: string[];
  /** The time of the hand-in, if it is known. */
  handIn: HandIn | undefined;
  /** The reason that this machine cannot read it. */
  unread: string | undefined;
  /** The reason that no machine can read it. */
  damage: string | undefined;
}

/** A submission with its path. */
export interface Place extends Submission {
  /** The folder or the archive that was handed in. */
  origin: string;
  holdsCode: boolean;
}

/** The submissions in a folder. */
export interface Class {
  places: Place[];
  /** The other files and folders, each with its kind. */
  ungraded: string[];
  /** True if their names show that each is a submission of another student. */
  isClear: boolean;
}

/** Opens folders and archives. */
export class Opener {
  readonly #root: string;
  readonly #unpackInto: () => Promise<string>;
  #unpacked = 0;

  /** @param root The folder in each submission that holds its files; searched for if empty.
   * @param unpackInto Makes the folder that archives are unpacked into. */
  constructor(root: string, unpackInto: () => Promise<string>) {
    this.#root = root;
    this.#unpackInto = unpackInto;
  }

  /** Opens a path of the command line.
   *
   * @throws {CommandError} It is neither a folder nor an archive. */
  async openPath(path: string): Promise<Place> {
    const stat = await Deno.stat(path).catch(() => null);
    if (stat?.isDirectory) {
      // Not searched for code, since it may be a class in which one folder cannot be read.
      const place = unopened(path);
      return await entriesOf(path).then(() => place, (error) => failed(place, error));
    }
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

  /** Opens the content of a path as one submission. */
  async asOne({ origin, folder, ...known }: Place): Promise<Place> {
    if (known.damage ?? known.unread) return { origin, folder, ...known };
    return await this.#place(origin, () => this.#opened(folder), { name: known.name });
  }

  /** Opens every submission in a folder, or in the only folder or archive in it: archives of a class
   * often have one around it.
   *
   * @param mayBeAround False if the folder is one of several, so that such a folder is a student's
   * unless Gradescope has exported it. */
  async classIn(folder: string, mayBeAround: boolean): Promise<Class> {
    const entries = await entriesOf(folder);
    const senders = await sendersIn(folder);
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
      if (isTextBesideFiles(name, entries)) ungraded.push(`${name} (a text beside files)`);
      else if (isStudentFolder(entry)) {
        const known = senders?.get(name) ?? studentOf(name);
        places.push(await this.#place(path, () => this.#opened(path), known));
      } else if (isArchiveFile(entry)) {
        const open = async () => await this.#opened(await this.#unpack(path));
        places.push(await this.#place(path, open, { name: stemOf(name) }));
      } else {
        const folderKind = name.startsWith(".") ? "a hidden folder" : "a folder of a tool";
        const kind = isSymlink ? "a link" : isDirectory ? folderKind : "a file";
        ungraded.push(`${name} (${kind})`);
      }
    }
    const [only, ...others] = places;
    const isKnown = senders !== undefined || canvas.length > 0;
    const isOne = only !== undefined && others.length === 0 && only.unread === undefined;
    if (isOne && !isKnown && !await holdsFile(join(only.folder, this.#root))) {
      const inside = await this.classIn(only.folder, mayBeAround);
      const isAround = mayBeAround && inside.places.length > 1 ||
        await sendersIn(only.folder) !== undefined;
      if (isAround) return { ...inside, ungraded: [...ungraded, ...inside.ungraded] };
    }
    return { places, ungraded, isClear: isKnown || entries.some(isArchiveFile) };
  }

  /** Opens a hand-in. A failure becomes its `damage` or `unread`. */
  async #place(
    origin: string,
    open: () => Promise<string>,
    known: Partial<Submission> = {},
  ): Promise<Place> {
    const place = unopened(origin, known);
    try {
      const folder = await open();
      const holdsCode = (await locate(join(folder, this.#root))).length > 0;
      return { ...place, folder, holdsCode };
    } catch (error) {
      return failed(place, error);
    }
  }

  /** Returns the folder, or if it holds no code, the content of the only archive in it. */
  async #opened(folder: string): Promise<string> {
    if ((await locate(join(folder, this.#root))).length > 0) return folder;
    const archives = (await entriesOf(folder)).filter(isArchiveFile);
    return archives.length === 1 ? await this.#unpack(join(folder, archives[0]!.name)) : folder;
  }

  /** Copies the files of one student from an export of Canvas into a new folder. */
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

function unopened(origin: string, known: Partial<Submission> = {}): Place {
  const nothing = { identity: [], handIn: undefined, unread: undefined, damage: undefined };
  const name = basename(resolve(origin));
  return { name, ...nothing, ...known, origin, folder: origin, holdsCode: false };
}

/** Returns a hand-in that could not be opened. */
function failed(place: Place, error: unknown): Place {
  if (error instanceof ArchiveError) return { ...place, damage: error.message };
  return { ...place, unread: `It cannot be opened: ${systemReason(error)}` };
}

function isArchiveFile({ name, isFile }: Deno.DirEntry): boolean {
  return isFile && isArchive(name);
}

function isStudentFolder({ name, isDirectory }: Deno.DirEntry): boolean {
  return isDirectory && mayHoldCode(name);
}
