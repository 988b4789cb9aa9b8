/**
 * The JSON lines that the judge and its parent exchange.
 *
 * The parent writes one {@linkcode Job} to the judge's standard input. The judge writes a
 * {@linkcode JudgeLine} to its standard output for each event, immediately, so that the parent
 * knows all results up to the end of the process.
 *
 * @module
 */

import { z } from "zod";
import type { TraceEvent } from "../../testing/trace_event.ts";
import { type Measured, REQUIREMENTS } from "../../testing/requirements.ts";
import type { Bundle } from "../realm/bundle.ts";

/** The schema of a job. */
export const Job = z.strictObject({
  bundle: z.custom<Bundle>((value) => typeof value === "object" && value !== null),
  /** The names of the tests, up to the colon, in the order in which they run. */
  tests: z.array(z.string()),
  /** The seeds of each test. A test ends with the first seed that fails. */
  seeds: z.array(z.int()),
  /** True to find a loop that never yields: the judge writes every event of the run, which is
   * slow, and then the place of the loop. */
  findsLoop: z.boolean(),
  /** The number of printed characters that the judge passes on. */
  printedLengthMax: z.int(),
});
/** A job of the judge. */
export type Job = z.infer<typeof Job>;

const Count = z.int().min(0);
const message = Count;

const Event = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("sent"),
    message,
    end: z.string(),
    method: z.string(),
    bytes: Count,
    content: z.number(),
  }),
  z.strictObject({ kind: z.literal("duplicated"), message, original: Count }),
  z.strictObject({ kind: z.literal("delivered"), message, server: z.string() }),
  z.strictObject({
    kind: z.literal("dropped"),
    message,
    what: z.enum(["request", "reply"]),
    why: z.enum(["lost", "unreachable", "late", "no reply"]),
  }),
  z.strictObject({ kind: z.literal("replied"), message, bytes: Count, content: z.number() }),
  z.strictObject({ kind: z.literal("received"), message }),
  z.strictObject({ kind: z.literal("timed out"), message }),
  z.strictObject({
    kind: z.literal("called"),
    client: Count,
    operation: z.string(),
    key: z.string(),
    value: z.string(),
  }),
  z.strictObject({ kind: z.literal("returned"), client: Count, output: z.string().nullable() }),
  z.strictObject({ kind: z.literal("threw"), client: Count, error: z.string() }),
  z.strictObject({
    kind: z.literal("fault"),
    server: Count,
    what: z.enum(["stopped", "started"]),
  }),
]) satisfies z.ZodType<TraceEvent>;

const Run = {
  test: z.string(),
  seed: z.int(),
  /** "" if there was no run. */
  digest: z.string(),
};

const Measurements = z.strictObject({
  requirements: z.array(z.strictObject({ name: z.enum(REQUIREMENTS), isMet: z.boolean() })),
  retained: z.array(z.strictObject({ server: Count, bytesPerClerk: z.number() })),
}) satisfies z.ZodType<Measured>;

/** The schema of one line of the judge. */
export const JudgeLine = z.discriminatedUnion("kind", [
  /** The lab is loaded, and the submission is not. */
  z.strictObject({ kind: z.literal("ready") }),
  /** The scripts of the submission are compiled. */
  z.strictObject({ kind: z.literal("loaded") }),
  /** The scripts of the submission cannot be compiled. */
  z.strictObject({ kind: z.literal("unloadable"), message: z.string() }),
  /** A seed of a test begins. */
  z.strictObject({
    kind: z.literal("started"),
    test: z.string(),
    title: z.string(),
    seed: z.int(),
  }),
  z.strictObject({ kind: z.literal("passed"), ...Run }),
  z.strictObject({ kind: z.literal("failed"), ...Run, message: z.string() }),
  /** The results of the test so far do not count: all its runs are repeated. */
  z.strictObject({ kind: z.literal("again"), test: z.string() }),
  /** The requirements are measured. A "passed" line follows. */
  z.strictObject({ kind: z.literal("measured"), measured: Measurements }),
  /** A sign of life: the process has yielded. */
  z.strictObject({ kind: z.literal("alive") }),
  /** An event of the run, if the job looks for a loop. */
  z.strictObject({ kind: z.literal("event"), atMs: z.number(), event: Event }),
  /** Text that the submission printed. */
  z.strictObject({ kind: z.literal("printed"), text: z.string(), isCut: z.boolean() }),
  /** A turn of the run never yielded and was ended. */
  z.strictObject({ kind: z.literal("looped"), place: z.string().optional() }),
  /** All tests have run. */
  z.strictObject({ kind: z.literal("done") }),
  /** The judge itself failed. */
  z.strictObject({ kind: z.literal("broken"), problem: z.string() }),
]);
/** One line of the judge. */
export type JudgeLine = z.infer<typeof JudgeLine>;
