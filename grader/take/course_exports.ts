/**
 * The names of files in the exports of course systems.
 *
 * Moodle makes a folder for each student, `Ada Lovelace_1234567_assignsubmission_file_`.
 * Canvas puts all files into one folder, `lovelaceada_12345_678901_client.ts`, with `LATE_`
 * after the name where it applies, and `client-1.ts` for a file that was handed in again.
 *
 * @module
 */

const CANVAS = /^(.+?)_(LATE_)?(\d+)_(\d+)_(.+)$/;
const MOODLE = /^(.*)_(\d+)_assignsubmission_\w+$/;

/** The files of one student in an export of Canvas. */
export interface CanvasHandIn {
  name: string;
  /** The number that Canvas gives the student. */
  id: string;
  isLate: boolean;
  /** The name of each file in the export, and the student's name for it. */
  files: Map<string, string>;
}

/** Returns the student of a folder in an export of Moodle.
 *
 * @returns The name, and the number that Moodle gives the student in this assignment; of any
 * other folder, its name.
 */
export function studentOf(folder: string): { name: string; identity: string[] } {
  const [, name, number] = MOODLE.exec(folder) ?? [];
  if (name === undefined) return { name: folder, identity: [] };
  return { name, identity: [`Participant ${number}`] };
}

/** Sorts the files of an export of Canvas by student.
 *
 * @returns Nothing if the files are not named as Canvas names them.
 */
export function canvasHandIns(entries: readonly Deno.DirEntry[]): CanvasHandIn[] {
  const all = entries.filter(({ isFile }) => isFile).flatMap(({ name: file }) => {
    const [, student, late, id, number, called] = CANVAS.exec(file) ?? [];
    if (called === undefined) return [];
    const original = called.replace(/-\d+(?=\.[^.]*$)/, "");
    const name = `${student}_${id}`;
    return [{ file, original, name, id: id!, isLate: late !== undefined, number: Number(number) }];
  }).toSorted((one, other) => one.number - other.number);
  return Array.from(Map.groupBy(all, ({ name }) => name), ([name, own]) => {
    // Of several files with one name, the last is the newest.
    const newest = [...new Map(own.map((each) => [each.original, each])).values()];
    const files = new Map(newest.map(({ file, original }) => [file, original]));
    return { name, id: own[0]!.id, isLate: newest.some(({ isLate }) => isLate), files };
  });
}
