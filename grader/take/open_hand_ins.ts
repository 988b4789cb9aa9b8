/**
 * Opens hand-ins: folders, archives, and the exports of course systems.
 *
 * @module
 */

import { basename, join, resolve } from "node:path";
import { CommandError, systemReason } from "../../cli/mod.ts";
import { ArchiveError, isArchive, stemOf, unpack } from "./archive.ts";
import { canvasHandIns, studentOf } from "./course_exports.ts";
import { METADATA_FILE, sendersIn } from "./gradescope_metadata.ts";
import type { HandIn } from "../result/late.ts";
import { entriesOf, locate, mayHoldCode } from "./locate.ts";

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

  /** Opens the content of a path as one submission. */
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
      // Gradescope puts a folder around its export.
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
        const folderKind = name.startsWith(".") ? "a hidden folder" : "a folder of a tool";
        const kind = isSymlink ? "a link" : isDirectory ? folderKind : "a file";
        ungraded.push(`${name} (${kind})`);
      }
    }
    const isClear = senders !== undefined || canvas.length > 0 || entries.some(isArchiveFile);
    return { places, ungraded, isClear };
  }

  /** Opens a hand-in. A failure becomes its `damage` or `unread`. */
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
      if (error instanceof ArchiveError) return { ...place, damage: error.message };
      return { ...place, unread: `It cannot be unpacked: ${systemReason(error)}` };
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

function isArchiveFile({ name, isFile }: Deno.DirEntry): boolean {
  return isFile && isArchive(name);
}

function isStudentFolder({ name, isDirectory }: Deno.DirEntry): boolean {
  return isDirectory && mayHoldCode(name);
}
