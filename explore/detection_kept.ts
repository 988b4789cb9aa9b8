/**
 * Detections that an earlier run of the command measured: one file for each entry, named
 * after a digest of the entry, the lab and the number of seeds. A change of one entry then
 * costs the time of that entry, and an interrupted run goes on where it ended.
 *
 * @module
 */

import { z } from "zod";
import { CORPUS } from "../corpus/expectation.ts";
import { type Detection, detectionOf } from "./detection.ts";

const LAB = new URL("../", import.meta.url);
const FOLDER = new URL(".detections/", LAB);

/** The parts of the lab that decide what a run comes to. */
const PARTS = [
  ...["config.ts", "labrpc.ts", "test_test.ts", "deno.lock"],
  ...["labrpc/", "linearizability/", "sim/", "testing/"],
  ...["_worker.ts", "detection.ts", "exploration.ts", "runner.ts", "seed_run.ts"].map((file) => {
    return `explore/${file}`;
  }),
];

const Kept = z.strictObject({ shares: z.array(z.number()), runs: z.string() });

/** Returns the digest of everything in the lab that detections depend on. */
export async function digestOfLab(): Promise<string> {
  return await digestOf(PARTS.map((part) => new URL(part, LAB)));
}

/** Measures an entry, unless its measurement is kept.
 *
 * @param lab The digest of the lab.
 * @param seeds The number of seeds, from 1.
 * @param measure Measures the entry. */
export async function keptDetection(
  lab: string,
  entry: string,
  seeds: number,
  measure: () => Promise<Detection>,
): Promise<{ detection: Detection; isKept: boolean }> {
  const own = await digestOf([new URL(`${entry}/`, CORPUS)], /\.ts$/);
  const file = new URL(
    `${entry}-${(await sha256(`${lab} ${own} ${seeds}`)).slice(0, 16)}.json`,
    FOLDER,
  );
  try {
    const { shares, runs } = Kept.parse(JSON.parse(await Deno.readTextFile(file)));
    return { detection: await detectionOf(entry, shares, runs), isKept: true };
  } catch {
    // It is not there, or not whole; then it is measured.
  }
  const detection = await measure();
  const { shares, runs } = detection;
  await Deno.mkdir(FOLDER, { recursive: true });
  await Deno.writeTextFile(file, JSON.stringify({ shares, runs }));
  return { detection, isKept: false };
}

async function digestOf(places: URL[], only = /(?<!_test)\.ts$|deno\.lock$/): Promise<string> {
  const texts: string[] = [];
  const read = async (place: URL): Promise<void> => {
    if (!place.href.endsWith("/")) {
      if (only.test(place.href)) {
        texts.push(place.href.slice(LAB.href.length), await Deno.readTextFile(place));
      }
      return;
    }
    const inside = Array.from(Deno.readDirSync(place), ({ name, isDirectory }) => {
      return isDirectory ? `${name}/` : name;
    });
    for (const name of inside.toSorted()) await read(new URL(name, place));
  };
  for (const place of places.filter(isThere)) await read(place);
  return await sha256(JSON.stringify(texts));
}

function isThere(place: URL): boolean {
  try {
    return Deno.statSync(place) !== undefined;
  } catch {
    return false;
  }
}

async function sha256(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(bytes).toHex();
}
