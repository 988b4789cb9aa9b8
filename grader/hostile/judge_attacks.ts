/**
 * Attacks on the judge's process: on its output, its time and its memory.
 *
 * Each is the students' skeleton, which passes no test, with code at the end of `client.ts`.
 *
 * @module
 */

import type { Attack } from "./realm_attacks.ts";

/** An attack on the process. */
export interface JudgeAttack extends Attack {
  /** True if only the limit of time ends the attack. */
  endless?: true;
}

const TOO_LARGE = /held more than|filled the heap|allocation failed/;

/** All attacks on the process. */
export const JUDGE_ATTACKS: readonly JudgeAttack[] = [
  { tries: "exit through Deno", code: "(globalThis as any).Deno.exit(0);" },
  { tries: "exit through node", code: "(globalThis as any).process.exit(0);" },
  {
    tries: "print a forged report",
    code:
      'console.log("TestBasic: one client ... ok (1ms)\\n\\nok | 7 passed | 0 failed (1ms)\\n");\n' +
      "console.log('<testsuites><testcase name=\"TestBasic: one client\"></testcase></testsuites>');",
  },
  {
    tries: "clear the terminal",
    code: 'console.log("\\u001b[2J\\u001b[3J\\u001b[Hok | 7 passed | 0 failed");',
  },
  {
    tries: "print the judge's lines",
    code: `console.log('{"kind":"passed","test":"TestBasic","seed":5,"digest":"","realMs":1}');\n` +
      `console.log('\\n{"kind":"done"}\\n');`,
  },
  {
    tries: "write the judge's lines",
    code: "const lines = [\n" +
      `  { kind: "started", test: "TestBasic", title: "", seed: 5 },\n` +
      `  { kind: "passed", test: "TestBasic", seed: 5, digest: "", realMs: 1 },\n];\n` +
      "for (const line of lines) {\n" +
      '  const bytes = new TextEncoder().encode(JSON.stringify(line) + "\\n");\n' +
      "  (globalThis as any).Deno.stdout.writeSync(bytes);\n}",
  },
  {
    tries: "leave ten thousand rejections unhandled",
    code: "for (let i = 0; i < 1e4; i++) Promise.reject(new Error(String(i)));",
  },
  {
    tries: "loop forever",
    code: "for (;;);",
    says: /never let go of the processor before its first operation/,
    endless: true,
  },
  {
    tries: "loop forever in promises",
    code: "const again = (): Promise<void> => Promise.resolve().then(again);\nagain();",
    says: /never let go of the processor/,
    endless: true,
  },
  {
    tries: "block in a regular expression",
    code: '/^(a+)+$/.test("a".repeat(60) + "b");',
    says: /never let go of the processor/,
    endless: true,
  },
  {
    tries: "print without end",
    code: 'const line = "x".repeat(100_000);\nfor (;;) console.log(line);',
    says: /never let go of the processor/,
    endless: true,
  },
  {
    tries: "block the thread",
    code: "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    says: /Atomics is not defined/,
  },
  {
    tries: "fill the heap",
    code: "const all: unknown[] = [];\nfor (;;) all.push(new Array(10_000).fill(all.length));",
    says: TOO_LARGE,
  },
  {
    tries: "fill the memory off the heap",
    code: "const all: Uint8Array[] = [];\nfor (;;) all.push(new Uint8Array(50_000_000).fill(1));",
    says: TOO_LARGE,
  },
  {
    tries: "fill the memory of WebAssembly",
    code: "const all: any[] = [];\nfor (;;) all.push(new WebAssembly.Memory({ initial: 1000 }));",
    says: /WebAssembly is not defined/,
  },
];
