import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { stub } from "@std/testing/mock";
import { gzipSync } from "fflate";
import { runInProcess } from "../cli/command_fixture.ts";
import { runCommand } from "../cli/mod.ts";
import { lincheck } from "./lincheck.ts";

const mayWrite = (await Deno.permissions.query({ name: "write" })).state === "granted";

const LINEARIZABLE = `{ "model": "kv", "operations": [
  { "client": 0, "op": "append", "key": "k", "value": "x", "output": "", "call": 1, "return": 4 },
  { "client": 1, "op": "get", "key": "k", "output": "x", "call": 2, "return": 5 }
] }`;
const STALE = `{ "model": "kv", "operations": [
  { "client": 0, "op": "put", "key": "other", "value": "y", "call": 0, "return": 1 },
  { "client": 0, "op": "append", "key": "k", "value": "x", "output": "", "call": 1, "return": 4 },
  { "client": 1, "op": "get", "key": "k", "output": "", "call": 5, "return": 6 }
] }`;
const REGISTER = `{ "operations": [
  { "client": 0, "op": "write", "value": 1, "call": 0, "return": 1 },
  { "client": 0, "op": "read", "output": 2, "call": 2, "return": 3 },
  { "client": 1, "op": "read", "call": 2, "return": null }
] }`;
/** A history that no search decides quickly. */
const HARD = JSON.stringify({
  model: "kv",
  operations: [
    ...Array.from({ length: 60 }, (_, i) => {
      return { client: i, op: "append", key: "k", value: "x".repeat(i + 1), call: 0, return: 100 };
    }),
    { client: 60, op: "get", key: "k", output: "x".repeat(5000), call: 101, return: 102 },
  ],
});

interface Run {
  status: number;
  out: string;
  err: string;
  /** The written results. */
  files: Record<string, string>;
}

/** Runs the command in a temporary folder with files. */
async function run(files: Record<string, string | Uint8Array>, ...args: string[]): Promise<Run> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    const inFolder = args.map((arg) => arg.replace(/^(--html=|--json=|)(?=\w)/, `$1${folder}/`));
    const { status, ...printed } = await runInProcess(lincheck, inFolder);
    const text = (lines: string) => lines.replaceAll(`${folder}/`, "").trimEnd();
    const written = Array.from(Deno.readDirSync(folder), ({ name }) => name)
      .map((name) => [name, Deno.readTextFileSync(`${folder}/${name}`)]);
    return {
      status,
      out: text(printed.out),
      err: text(printed.err),
      files: Object.fromEntries(written),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: !mayWrite, fn });
}

test("lincheck ends with status 0 when all histories are linearizable", async () => {
  const { status, out, err } = await run({ "a.json": LINEARIZABLE }, "a.json", "a.json");
  assertEquals([status, err], [0, ""]);
  const line = "a.json: linearizable, 2 operations, T";
  assertEquals(out.replaceAll(/[\d.]+ ms/g, "T"), `${line}\n${line}`);
});

test("lincheck ends with status 1 and says why when a history is not linearizable", async () => {
  const { status, out } = await run({ "bad.json": STALE }, "bad.json");
  assertEquals(status, 1);
  assertEquals(out.split("\n").slice(1), [
    '  "k": stale read or lost write: get("k") found an older value than append("k", "x") had written ' +
    "before it was called",
    '  "k": 1 of 2 operations can be placed, then not client 1: get("k") → "", from 5 to 6',
  ]);
});

test("lincheck takes the model from its option when the file names none", async () => {
  const { status, out } = await run({ "r.json": REGISTER }, "--model=register", "r.json");
  assertEquals(status, 1);
  assertStringIncludes(out, "1 of 3 operations can be placed, then not client 0: read() → 2");
  const { status: unknown, err } = await run({ "r.json": REGISTER }, "r.json");
  assertEquals(unknown, 2);
  assertEquals(err, 'lincheck: r.json: it names no model; expected "model": "kv" or "register"');
});

test("lincheck ends with status 2 and is inconclusive when time runs out", async () => {
  const { status, out } = await run({ "hard.json": HARD }, "--timeout=0.05", "hard.json");
  assertEquals(status, 2);
  assertStringIncludes(out, "hard.json: inconclusive");
  assertStringIncludes(out, '  "k": could not be decided in the time and memory given');
});

test("lincheck continues with the other files when one is bad", async () => {
  const files = { "bad.json": "{", "a.json": LINEARIZABLE };
  const { status, out, err } = await run(files, "none.json", "bad.json", "a.json");
  assertEquals(status, 2);
  assertStringIncludes(out, "a.json: linearizable");
  const [none, bad] = err.split("\n");
  assertStringIncludes(none!, 'lincheck: Cannot read "none.json": ');
  assertStringIncludes(bad!, "lincheck: bad.json: it is not JSON: ");
});

test("lincheck --json=- writes nothing but JSON to the standard output", async () => {
  const files = { "a.json": LINEARIZABLE, "bad.json": STALE };
  const { status, out, err } = await run(files, "--json=-", "a.json", "bad.json");
  assertEquals(status, 1);
  assertStringIncludes(err, "a.json: linearizable");
  const { files: results } = JSON.parse(out);
  assertEquals(
    results.map(({ elapsedMs, ...rest }: { elapsedMs: number }) => {
      assert(elapsedMs >= 0);
      return rest;
    }),
    [
      { file: "a.json", verdict: "linearizable", operations: 2 },
      { file: "bad.json", verdict: "not linearizable", operations: 3, firstStuck: 2 },
    ],
  );
});

test("lincheck --html writes a page", async () => {
  const { files } = await run({ "bad.json": STALE }, "--html=page.html", "bad.json");
  assertStringIncludes(files["page.html"]!, "<!DOCTYPE html>");
  assertStringIncludes(files["page.html"]!, "bad.json");
});

test("lincheck reports a result that it cannot write before it starts to check", async () => {
  const { status, out, err } = await run({ "a.json": LINEARIZABLE }, "--json=no/b.json", "a.json");
  assertEquals([status, out], [2, ""]);
  assertStringIncludes(err, 'lincheck: Cannot write "no/b.json": ');
});

const BAD_OPTIONS: Record<string, string> = {
  "--timeout=x a.json":
    "Cannot use --timeout=x: expected a number of seconds above 0, for example --timeout=10",
  "--timeout=Infinity a.json":
    "Cannot use --timeout=Infinity: expected a number of seconds above 0, for example --timeout=10",
  "-x a.json": 'Unknown option "-x"; --help lists all',
  "-t a.json": 'Unknown option "-t"; did you mean --timeout?',
  "--timeout -5 a.json":
    'Unknown option "-5"; a value follows its option after "=", as in --NAME=-5',
  "- -": "Cannot read the standard input twice; name it once",
  "--json=- --html=- a.json":
    "Cannot write two results to the standard output; name a file for one",
  "--json=a.json a.json": 'Cannot write "a.json": it is also read; name another file',
  "--json=b.json --html=b.json a.json":
    'Cannot write two results to "b.json"; name another file for one',
};

test("lincheck refuses bad options in one line", async () => {
  const files = { "a.json": LINEARIZABLE };
  for (const [args, err] of Object.entries(BAD_OPTIONS)) {
    const found = await run(files, ...args.split(" "));
    assertEquals(found, { status: 2, out: "", err: `lincheck: ${err}`, files });
  }
});

/** A stale read, as Jepsen records it. */
const EDN = [
  "{:type :invoke, :process 0, :f :write, :value [7 1], :time 1000}",
  "{:type :ok, :process 0, :f :write, :value [7 1], :time 2000}",
  "{:type :info, :process :nemesis, :f :start, :value nil}",
  "{:type :invoke, :process 1, :f :read, :value [7 nil], :time 3000}",
  "{:type :ok, :process 1, :f :read, :value [7 nil], :time 4000}",
].join("\n");

test("lincheck recognizes Jepsen's histories by name or first byte, compressed or not", async () => {
  const packed = gzipSync(new TextEncoder().encode(EDN));
  const files = { "history.edn": EDN, a: EDN, "b.edn.gz": packed, c: packed, "none.edn": "" };
  const { status, out, err } = await run(files, ...Object.keys(files));
  assertEquals([status, err], [1, ""]);
  const verdicts = out.split("\n").filter((line) => !line.startsWith(" "));
  assertEquals(verdicts.map((line) => line.split(", ").slice(0, 2)), [
    ["history.edn: not linearizable", "2 operations"],
    ["a: not linearizable", "2 operations"],
    ["b.edn.gz: not linearizable", "2 operations"],
    ["c: not linearizable", "2 operations"],
    ["none.edn: linearizable", "0 operations"],
  ]);
  assertStringIncludes(out, '"7": 1 of 2 operations can be placed, then not client 1: 7: read()');
});

test("lincheck refuses bytes that are not UTF-8, because two keys could become one", async () => {
  const bad = new TextEncoder().encode(STALE.replace('"k"', '"?"'));
  bad[bad.indexOf("?".charCodeAt(0))] = 0xe9;
  const utf16 = Uint8Array.from("{\0}\0", (character) => character.charCodeAt(0));
  const broken = gzipSync(new TextEncoder().encode(EDN)).subarray(0, 40);
  const files = { "bad.json": bad, "utf16.json": Uint8Array.of(0xff, 0xfe, ...utf16), broken };
  const { status, out, err } = await run(files, ...Object.keys(files));
  assertEquals([status, out], [2, ""]);
  assertEquals(err.split("\n"), [
    "lincheck: bad.json: line 3: it is not UTF-8; convert the file to UTF-8",
    "lincheck: utf16.json: line 1: it is not UTF-8; convert the file to UTF-8",
    "lincheck: broken: it begins like gzip but cannot be unpacked; is it complete?",
  ]);
});

test("lincheck warns of operations of one client that overlap, and checks them", async () => {
  const overlapping = LINEARIZABLE.replace('"client": 1', '"client": 0');
  const { status, out, err } = await run({ "a.json": overlapping }, "a.json");
  assertEquals(status, 0);
  assertStringIncludes(out, "a.json: linearizable");
  assertEquals(
    err,
    'lincheck: a.json: operations of client 0 overlap, first append("k", "x") → "" from 1 to 4 ' +
      'and get("k") → "x" from 2 to 5; they count as concurrent',
  );
});

test("lincheck prints no characters that act on a terminal", async () => {
  const file = STALE.replaceAll('"k"', '"k\\u009b\\u202e\\uffff"');
  const { out } = await run({ "bad.json": file }, "bad.json");
  assertEquals(out.match(/[\u009b\u202e\uffff]/), null);
  assertStringIncludes(out, '"k\\u009b\\u202e\\uffff": stale read');
});

test("lincheck applies its time limit to reading as well", async () => {
  const line = '{ "client": 0, "op": "put", "key": "k", "value": "v", "call": 1, "return": 2 }\n';
  const files = { "long.json": line.repeat(20_000) };
  const { status, err } = await run(files, "--timeout=0.001", "--model=kv", "long.json");
  assertEquals([status, err], [2, "lincheck: long.json: it could not be read in the time given"]);
});

test("lincheck prints each verdict before it reads the next file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/a.json`, LINEARIZABLE);
    await Deno.writeTextFile(`${folder}/b.json`, LINEARIZABLE);
    // The second file is removed when the first verdict is printed.
    using _log = stub(console, "log", (line) => {
      if (String(line).includes("a.json")) Deno.removeSync(`${folder}/b.json`);
    });
    using error = stub(console, "error", () => {});
    assertEquals(await runCommand(lincheck, [`${folder}/a.json`, `${folder}/b.json`]), 2);
    assertStringIncludes(String(error.calls[0]!.args[0]), "Cannot read");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
