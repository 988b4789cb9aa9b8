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

/** A file in an export of Canvas. */
interface CanvasFile {
  file: string;
  submission: number;
  isLate: boolean;
}

/** Sorts the files of an export of Canvas by student.
 *
 * @returns Nothing if the files are not named as Canvas names them.
 */
export function canvasHandIns(entries: readonly Deno.DirEntry[]): CanvasHandIn[] {
  const newest = new Map<string, { name: string; id: string; files: Map<string, CanvasFile> }>();
  for (const { name: file, isFile } of entries) {
    const [, student, late, id, submission, called] = (isFile && CANVAS.exec(file)) || [];
    if (called === undefined) continue;
    const name = `${student}_${id}`;
    const { files } = newest.get(name) ?? { files: new Map<string, CanvasFile>() };
    const original = called.replace(/-\d+(?=\.[^.]*$)/, "");
    if ((files.get(original)?.submission ?? -1) < Number(submission)) {
      files.set(original, { file, submission: Number(submission), isLate: late !== undefined });
    }
    newest.set(name, { name, id: id!, files });
  }
  return Array.from(newest.values(), ({ name, id, files }) => ({
    name,
    id,
    isLate: [...files.values()].some((each) => each.isLate),
    files: new Map(Array.from(files, ([original, { file }]) => [file, original])),
  }));
}
