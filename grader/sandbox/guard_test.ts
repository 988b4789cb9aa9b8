/**
 * Honest code meets the same run behind the guard as in the student's own tests.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { layOver } from "../overlay.ts";
import { mayRunProcesses } from "../permissions.ts";
import { runTests } from "../test_run.ts";
import { runSandboxed } from "./run.ts";

const ignore = !mayRunProcesses;
const lab = new URL("../../", import.meta.url);
const SEED = 3;
const TESTS = [
  "TestBasic",
  "TestConcurrent",
  "TestUnreliable",
  "TestUnreliableOneKey",
  "TestStaticShards",
  "TestRejection",
  "TestUnreliableShards",
];

function digestsOf(output: string): string[] {
  return Array.from(output.matchAll(/digest ([0-9a-f]{16})/g), ([, digest]) => digest!);
}

const ENTRIES = ["", "corpus/terse/", "corpus/late_copy_via_backup/", "corpus/no_retry/"];

for (const entry of ENTRIES) {
  const name = entry || "the reference";
  Deno.test(`guard() changes no run of ${name}`, { ignore }, async () => {
    await using overlay = await layOver(new URL(entry, lab));
    const own = await runTests(overlay.path, { check: false, args: [`--seed=${SEED}`] });
    const graded = await runSandboxed(overlay.path, { tests: TESTS, seeds: [SEED] });
    assertEquals(digestsOf(graded.output), digestsOf(own.output));
    assertEquals(
      graded.tests.filter(({ passed }) => passed).map(({ name }) => name),
      own.outcomes.filter(({ passed }) => passed).map(({ name }) => name),
    );
  });
}

/** What honest code does with names that it inherits: each must be true. */
const OVERRIDES: Record<string, string> = {
  "toString of an object":
    '(() => { const o: any = {}; o.toString = () => "o"; return `${o}` === "o"; })()',
  "constructor of an object":
    "(() => { const o: any = {}; o.constructor = 1; return o.constructor === 1; })()",
  "valueOf of an object":
    "(() => { const o: any = {}; o.valueOf = () => 7; return o + 1 === 8; })()",
  "an assigned name that is listed":
    '(() => { const o: any = {}; o.toString = 1; return Object.keys(o)[0] === "toString"; })()',
  "a name assigned twice":
    "(() => { const o: any = {}; o.toString = 1; o.toString = 2; return o.toString === 2; })()",
  "the message of an error":
    '(() => { const e = new Error("a"); e.message = "b"; return e.message === "b"; })()',
  "the name of an error":
    '(() => { const e = new TypeError("a"); e.name = "Own"; return String(e) === "Own: a"; })()',
  "the name of an error class":
    '(() => { class Own extends Error { constructor() { super("x"); this.name = "Own"; } } return new Own().name === "Own"; })()',
  "a field of a class":
    "(() => { class A { then = 1; valueOf = () => 2; } return new A().then === 1; })()",
  "a method of a function":
    '(() => { const f: any = () => {}; f.toString = () => "f"; return `${f}` === "f"; })()',
  "push of a list": "(() => { const a: any = []; a.push = () => 5; return a.push() === 5; })()",
  "get of a map":
    "(() => { class M extends Map { constructor() { super(); (this as any).get = () => 4; } } return new M().get(1) === 4; })()",
  "the prototype of a function":
    '(() => { const F: any = function () {}; F.prototype.toString = () => "F"; return `${new F()}` === "F"; })()',
  "a key that is called like a method":
    '(() => { const t: any = {}; for (const k of ["hasOwnProperty", "toString"]) t[k] = (t[k] ? "x" : "") + k; return t.toString === "xtoString"; })()',
  "a microtask": "(() => { queueMicrotask(() => {}); return true; })()",
  "a timer": "(() => { clearTimeout(setTimeout(() => {}, 1)); return true; })()",
  "a text in bytes": 'new TextDecoder().decode(new TextEncoder().encode("ä")) === "ä"',
  "a text in base 64": 'atob(btoa("a")) === "a"',
  "a copy of a structure": "structuredClone(new Map([[1, { a: 2 }]])).get(1)!.a === 2",
  "an address": 'new URL("https://a.example/b?c=1").searchParams.get("c") === "1"',
  "an event":
    '(() => { let n = 0; const e = new EventTarget(); e.addEventListener("x", () => n++); e.dispatchEvent(new Event("x")); return n === 1; })()',
  "a signal": "(() => { const c = new AbortController(); c.abort(); return c.signal.aborted; })()",
  "a random id": "crypto.randomUUID().length === 36",
  "random bytes": "crypto.getRandomValues(new Uint8Array(4)).length === 4",
  "a date": "new Date(0).getTime() === 0 && performance.now() >= 0",
  "a number in words": 'new Intl.NumberFormat("en").format(1234) === "1,234"',
  "lines on the console":
    '(() => { console.table([1]); console.error("e"); console.debug({ a: [new Map()] }); return true; })()',
  "a generator": "[...(function* () { yield 1; yield 2; })()].length === 2",
  "a description of a schema":
    '(() => { const s = z.string().describe("d"); return s.description === "d"; })()',
  "an own parse of a schema":
    "(() => { const s: any = z.string(); s.parse = () => 1; return s.parse() === 1; })()",
};

Deno.test("guard() lets code assign names that its own objects inherit", { ignore }, async () => {
  const checks = Object.entries(OVERRIDES).map(([name, code]) => {
    return `check(${JSON.stringify(name)}, () => ${code});`;
  });
  const code = "\nfunction check(name: string, is: () => boolean) {\n" +
    '  let said = "wrong";\n  try { if (is()) said = "right"; } catch (e) { said = String(e); }\n' +
    "  console.log(`override ${name}: ${said}`);\n}\n" + checks.join("\n") + "\n";
  await using overlay = await layOver(lab);
  await Deno.writeTextFile(`${overlay.path}/server.ts`, code, { append: true });
  const { output } = await runSandboxed(overlay.path, { tests: ["TestBasic"], seeds: [SEED] });
  const said = Array.from(output.matchAll(/override (.*)/g), ([, line]) => line!);
  const expected = Object.keys(OVERRIDES).map((name) => `${name}: right`);
  assertEquals([...new Set(said)].sort(), expected.sort());
});
