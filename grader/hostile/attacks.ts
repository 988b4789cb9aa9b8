/**
 * Submissions that want points without doing the work: each is the students' skeleton,
 * which passes nothing, with an attack at the end of its `server.ts`.
 *
 * @module
 */

/** One attack. */
export interface Attack {
  /** What it tries, in words. */
  tries: string;
  /** What stands at the end of `server.ts`. */
  code: string;
  /** What grading must say of it: part of a problem, a note or a test's message. */
  says?: RegExp;
  /** Whether only the limit of time ends it. */
  endless?: true;
}

const FROZEN = /read only|frozen|not extensible|read-only|Cannot assign|only a getter|redefine/i;
const NO_PERMISSION = /Requires \w+ access|NotCapable|is not a function|not a constructor/;
const NO_CODE = /Code generation from strings disallowed/;
const NOT_DEFINED = /is not defined/;
const NOT_ALLOWED = /is not allowed/;

const replaced = (place: string, value = "() => true") => ({
  tries: `replace ${place}`,
  code: `(globalThis as any).${place} = ${value};`,
  says: FROZEN,
});
const imports = (specifier: string, rest = "") => ({
  tries: `import ${specifier}`,
  code: `import * as stolen from "${specifier}"${rest};\nconsole.log(stolen);`,
  says: NOT_ALLOWED,
});
const asks = (tries: string, code: string, says = NO_PERMISSION): Attack => ({
  tries,
  code: `const deno = (globalThis as any).Deno;\n${code}`,
  says,
});

/** All of them. */
export const ATTACKS: readonly Attack[] = [
  {
    tries: "replace Deno.test",
    code: '(Deno as any).test = (name: string) => console.log(name, "ok");',
    says: FROZEN,
  },
  replaced("Array.prototype.push"),
  replaced("Promise.prototype.then"),
  replaced("Map.prototype.get"),
  replaced("JSON.parse"),
  replaced("structuredClone"),
  { tries: "replace Math.random", code: "Math.random = () => 0;" },
  { tries: "replace setTimeout", code: "(globalThis as any).setTimeout = (f: any) => f();" },
  replaced("Object.prototype.toString"),
  replaced("Error.prepareStackTrace", "(_: any, frames: any) => frames"),
  replaced("Symbol.iterator", "undefined"),
  {
    tries: "define a property on Object.prototype",
    code: 'Object.defineProperty(Object.prototype, "passed", { value: true });',
    says: FROZEN,
  },
  {
    tries: "patch the ends of the network",
    code:
      'import { ClientEnd } from "./labrpc.ts";\nClientEnd.prototype.call = (async () => ({})) as any;',
    says: FROZEN,
  },
  {
    tries: "patch the network",
    code: 'import { Network } from "./labrpc.ts";\nNetwork.prototype.reliable = () => {};',
    says: FROZEN,
  },
  {
    tries: "patch the config",
    code:
      'setTimeout(async () => ((await import("./config.ts")) as any).Config.prototype.check = () => {});',
  },
  imports("./testing/invariants.ts"),
  imports("./test_test.ts"),
  imports("../server.ts"),
  imports("https://example.com/solution.ts"),
  imports("npm:left-pad"),
  imports("node:fs"),
  imports("data:text/javascript,export default 1"),
  imports("file:///etc/passwd", ' with { type: "json" }'),
  {
    tries: "import a name that is computed",
    code: 'const where = "./testing/" + "invariants.ts";\nawait import(where);',
    says: NOT_ALLOWED,
  },
  {
    tries: "import from inside eval",
    code: `const loaded = await (0, eval)('import("./testing/invariants.ts")');\n` +
      "(loaded as any).valueViolation = () => undefined;",
    says: NO_CODE,
  },
  {
    tries: "reach the functions of the runner through eval and Function",
    code:
      'const all = new Function("return globalThis")();\nall.Deno[all.Deno.internal].core.ops.op_test_event_step_result_ok(1, 1);',
    says: NO_CODE,
  },
  asks("end the process", "deno.exit(0);"),
  {
    tries: "end the process through node's global",
    code: "(globalThis as any).process.exit(0);",
    says: /undefined/,
  },
  {
    tries: "print a forged report",
    code:
      'console.log("TestBasic: one client ... ok (1ms)\\n\\nok | 7 passed | 0 failed (1ms)\\n");\n' +
      "console.log('<testsuites><testcase name=\"TestBasic: one client\"></testcase></testsuites>');",
  },
  {
    tries: "register the tests before the lab does",
    code: '(Deno as any).test("TestBasic: one client", {}, async () => {});',
    says: /registered twice/,
  },
  {
    tries: "be a thenable",
    code: '(KVServer.prototype as any).then = (resolve: any) => resolve({ value: "" });\n' +
      "throw { then(resolve: any) { resolve(1); } };",
  },
  { tries: "loop for ever", code: "for (;;);", says: /Ended after/, endless: true },
  {
    tries: "loop for ever in promises",
    code: "const again = (): Promise<void> => Promise.resolve().then(again);\nawait again();",
    says: /Ended after/,
    endless: true,
  },
  {
    tries: "fill the heap",
    code: "const all: unknown[] = [];\nfor (;;) all.push(new Array(10_000).fill(all.length));",
    says: /Ended when its heap|Ended when it held/,
  },
  {
    tries: "fill the memory off the heap",
    code: "const all: Uint8Array[] = [];\nfor (;;) all.push(new Uint8Array(50_000_000).fill(1));",
    says: /Ended when it held|Ended when its heap|Array buffer allocation failed/,
  },
  {
    tries: "print without end",
    code: 'const line = "x".repeat(100_000);\nfor (;;) console.log(line);',
    says: /printed too much|cut at/,
  },
  {
    tries: "wait in a way that nothing ends",
    code: "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    says: /SharedArrayBuffer is not defined/,
  },
  asks("read the password file", 'console.log(deno.readTextFileSync("/etc/passwd"));'),
  asks("read the environment", "console.log(deno.env.toObject());", /undefined/),
  asks("read the seeds", 'if (deno.args.length === 0) throw new Error("no seeds");', /no seeds/),
  asks("write a file", 'deno.writeTextFileSync("labrpc.ts", "");'),
  asks("open a socket", "deno.listen({ port: 0 });"),
  {
    tries: "reach the network",
    code: 'await fetch("http://127.0.0.1:18080/");',
    says: /Requires net access/,
  },
  asks("start a process", 'new deno.Command("sh").outputSync();'),
  {
    tries: "start a worker",
    code: 'new Worker("data:text/javascript,for(;;);", { type: "module" });',
    says: /Worker is not defined/,
  },
  {
    tries: "hide code in a getter of a reply",
    code: 'KVServer.prototype.get = () => ({ get value() { return ""; } });',
  },
  {
    tries: "recognise the test by its stack, and answer from a table",
    code: "KVServer.prototype.append = () => {\n" +
      '  const test = /Test\\w+/.exec(new Error().stack ?? "")?.[0] ?? "";\n' +
      '  return { value: ({ TestBasic: "x 0 0 y" } as Record<string, string>)[test] ?? "" };\n};',
  },
  {
    tries: "reach another server through an object that it was given",
    code: "const seen: any[] = [];\nKVServer.prototype.get = function (args) {\n" +
      '  seen.push(this, args);\n  return seen[0].data ?? { value: "" };\n};',
  },
  ...[
    'await import(/* a */ "node:" + "process");',
    'await import(\n  // a\n  "node:" + "process",\n);',
    "await import(`node:process`);",
    'await import/**/("./testing/" + "invariants.ts");',
  ].map((code, i) => ({
    tries: `import a name that is computed, written in another way (${i + 1})`,
    code,
    says: NOT_ALLOWED,
  })),
  {
    tries: "find the seeds in node's arguments, from a text run as code",
    code: "const found = await (0, eval)('import(\"node:process\")');\n" +
      'throw new Error(found.argv.join(" "));',
    says: NO_CODE,
  },
  {
    tries: "make functions of texts through a constructor",
    code: '(async () => {}).constructor("return 1")();',
    says: NO_CODE,
  },
  {
    tries: "keep what servers share in a global",
    code: "(globalThis as any).shared = new Map();",
    says: FROZEN,
  },
  {
    tries: "keep what servers share in a function of the runtime",
    code: "(structuredClone as any).shared = new Map();",
    says: FROZEN,
  },
  {
    tries: "keep what servers share in a class of the runtime",
    code: "(URL as any).shared = new Map();",
    says: FROZEN,
  },
  {
    tries: "keep what servers share in the schema library",
    code: "(z.ZodString as any).shared = new Map();",
    says: FROZEN,
  },
  {
    tries: "keep what servers share in the library's register",
    code: '(z.globalRegistry as any)._map = new Map();\nthrow new Error("replaced");',
    says: FROZEN,
  },
  {
    tries: "take memory off the heap as a program's memory",
    code: "const all: any[] = [];\nfor (;;) all.push(new WebAssembly.Memory({ initial: 1000 }));",
    says: NOT_DEFINED,
  },
  {
    tries: "block in a huge number",
    code: "let n = 3n;\nfor (;;) n *= n;",
    says: /Ended after|BigInt/,
    endless: true,
  },
  {
    tries: "block in a regular expression",
    code: '/^(a+)+$/.test("a".repeat(60) + "b");',
    says: /Ended after/,
    endless: true,
  },
  {
    tries: "wait at the top for ever",
    code: "await new Promise(() => {});",
    says: /[Pp]romise resolution is still pending|Top-level await|Ended after/,
  },
  {
    tries: "leave a rejection unhandled",
    code: 'Promise.reject(new Error("left"));',
    says: /left/,
  },
  { tries: "throw at the top", code: 'throw new Error("thrown");', says: /thrown/ },
  {
    tries: "flood the queue of microtasks",
    code: "const again = () => queueMicrotask(again);\nagain();",
    says: /Ended after/,
    endless: true,
  },
  {
    tries: "make lists of another species",
    code: "Object.defineProperty(Array, Symbol.species, { get: () => Set });",
    says: FROZEN,
  },
  {
    tries: "reply with a proxy",
    code:
      'KVServer.prototype.get = () => new Proxy({ value: "" }, { get: () => "", has: () => true });',
  },
  {
    tries: "reply with a thenable",
    code: 'KVServer.prototype.get = () => ({ value: "", then(resolve: any) { resolve(this); } });',
  },
  {
    tries: "look at the callers through prepared stacks",
    code: "Object.defineProperty(Error, 'prepareStackTrace', { value: (_: any, f: any) => f });",
    says: FROZEN,
  },
  { tries: "make stacks endless", code: "Error.stackTraceLimit = Infinity;" },
  {
    tries: "change the parent of the global object",
    code: "Object.setPrototypeOf(globalThis, { passed: true });",
    says: /not extensible|immutable|Immutable/,
  },
  {
    tries: "wait for the collector",
    code: "new FinalizationRegistry(() => {}).register({}, new WeakRef({}));\n" +
      "FinalizationRegistry.prototype.register = () => {};",
    says: FROZEN,
  },
  {
    tries: "accept everything in the schemas",
    code: "(PutAppendArgs as any).safeParse = (data: unknown) => ({ success: true, data });\n" +
      '(GetReply as any).safeParse = () => ({ success: true, data: { value: "" } });',
  },
  {
    tries: "hand objects on by reference through the rpc table",
    code: "(KVServer.rpc.get as any).reply = z.any().transform(() => ({ value: () => 1 }));\n" +
      'KVServer.prototype.get = () => ({ value: "" });',
  },
  asks("name the main module", 'if (!deno.mainModule) throw new Error("no module");', /no module/),
  {
    tries: "clear the terminal",
    code: 'console.log("\\u001b[2J\\u001b[3J\\u001b[Hok | 7 passed | 0 failed");',
  },
  {
    tries: "report an error and stop others from seeing it",
    code: 'addEventListener("error", (event) => event.preventDefault());\n' +
      'reportError(new Error("reported"));',
  },
  { tries: "say that the process is leaving", code: 'dispatchEvent(new Event("unload"));' },
  replaced("console.log"),
  {
    tries: "change the language through Function's own prototype",
    code: "Function.prototype.call = () => ({}) as any;",
    says: FROZEN,
  },
  imports("node:process"),
  imports("./grader/rubric.ts"),
  imports("../.grades/salt.json", ' with { type: "json" }'),
  imports("./соlution.ts"),
  imports("./Server.ts"),
];
