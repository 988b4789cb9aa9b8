/**
 * How course systems name what they export for a whole class.
 *
 * Moodle makes a folder for each student, `Ada Lovelace_1234567_assignsubmission_file_`.
 * Canvas puts all files into one folder, `lovelaceada_12345_678901_client.ts`, with `LATE_`
 * after the name where it applies, and `client-1.ts` for a file that was handed in again.
 *
 * @module
 */

const CANVAS = /^(.+?)_(?:LATE_)?(\d+)_(\d+)_(.+)$/;
const MOODLE = /_\d+_assignsubmission_\w+$/;

/** The files of one student in an export of Canvas. */
export interface CanvasHandIn {
  name: string;
  /** What each file is called in the export, and what the student called it. */
  files: Map<string, string>;
}

/** The student of a folder in an export of Moodle; the name of any other folder. */
export function studentOf(folder: string): string {
  return folder.replace(MOODLE, "");
}

/** Sorts the files of an export of Canvas by student.
 *
 * @returns Nothing if the files are not named as Canvas names them.
 */
export function canvasHandIns(entries: readonly Deno.DirEntry[]): CanvasHandIn[] {
  const newest = new Map<string, Map<string, { file: string; submission: number }>>();
  for (const { name: file, isFile } of entries) {
    const [, name, user, submission, called] = (isFile && CANVAS.exec(file)) || [];
    if (called === undefined) continue;
    const student = `${name}_${user}`;
    const files = newest.get(student) ?? new Map();
    const original = called.replace(/-\d+(?=\.[^.]*$)/, "");
    if ((files.get(original)?.submission ?? -1) < Number(submission)) {
      files.set(original, { file, submission: Number(submission) });
    }
    newest.set(student, files);
  }
  return Array.from(newest, ([name, files]) => {
    return { name, files: new Map(Array.from(files, ([original, { file }]) => [file, original])) };
  });
}
