/**
 * The names of files in the exports of course systems.
 *
 * Moodle makes a folder for each student, `Ada Lovelace_1234567_assignsubmission_file_`. Canvas puts
 * all files into one folder, `lovelaceada_12345_678901_client.ts`; a late file has `LATE_` after the
 * name, and a file that was handed in again is called `client-1.ts`.
 *
 * @module
 */

const CANVAS = /^(.+?)_(LATE_)?(\d+)_(\d+)_(.+)$/;
const MOODLE = /^(.*)_(\d+)_assignsubmission_\w+$/;

/** The files of one student in an export of Canvas. */
export interface CanvasHandIn {
  name: string;
  /** The student's number in Canvas. */
  id: string;
  isLate: boolean;
  /** The student's names of the files, by their names in the export. */
  files: Map<string, string>;
}

/** Returns the name of the student of a folder, and for an export of Moodle the student's number in
 * this assignment. */
export function studentOf(folder: string): { name: string; identity: string[] } {
  const [, name, number] = MOODLE.exec(folder) ?? [];
  if (name === undefined) return { name: folder, identity: [] };
  return { name, identity: [`Participant ${number}`] };
}

/** Returns true for a folder with a text that a student typed into Moodle beside files, which have
 * another folder. */
export function isTextBesideFiles(folder: string, entries: readonly Deno.DirEntry[]): boolean {
  const files = folder.replace(/(_assignsubmission)_onlinetext(_?)$/, "$1_file$2");
  return files !== folder && entries.some(({ name }) => name === files);
}

/** Returns the files of an export of Canvas by student; none for other files. */
export function canvasHandIns(entries: readonly Deno.DirEntry[]): CanvasHandIn[] {
  const all = entries.filter(({ isFile }) => isFile).flatMap(({ name: file }) => {
    const [, student, late, id, number, called] = CANVAS.exec(file) ?? [];
    if (called === undefined) return [];
    const original = called.replace(/-\d+(?=\.[^.]*$)/, "");
    const name = `${student}_${id}`;
    return [{ file, original, name, id: id!, isLate: late !== undefined, number: Number(number) }];
  }).toSorted((one, other) => one.number - other.number);
  return Array.from(Map.groupBy(all, ({ name }) => name), ([name, own]) => {
    // The last of several files with the same name is the newest.
    const newest = [...new Map(own.map((each) => [each.original, each])).values()];
    const files = new Map(newest.map(({ file, original }) => [file, original]));
    return { name, id: own[0]!.id, isLate: newest.some(({ isLate }) => isLate), files };
  });
}
