/**
 * Submissions that want points without doing the work: each is the students' skeleton,
 * which passes nothing, with an attack at the end of its `server.ts`.
 *
 * @module
 */

/** One attack. */
export interface Attack {
  /** The attempt in words. */
  tries: string;
  /** The code at the end of `server.ts`. */
  code: string;
  /** The words that grading must have for it: part of a problem, a note or a test's message. */
  says?: RegExp;
  /** True if only the limit of time ends it. */
  endless?: true;
}

const NOT_ALLOWED = /is not allowed/;
const NEVER_YIELDS = /not loaded within|never let go of the processor/;
const TOO_LARGE = /held more than|filled the heap|allocation failed/;

const replaced = (place: string, value = "() => true"): Attack => ({
  tries: `replace ${place}`,
  code: `(globalThis as any).${place} = ${value};`,
});
const imports = (specifier: string, rest = ""): Attack => ({
  tries: `import ${specifier}`,
  code: `import * as stolen from "${specifier}"${rest};\nconsole.log(stolen);`,
  says: NOT_ALLOWED,
});
const asks = (tries: string, code: string): Attack => ({
  tries,
  code: `const deno = (globalThis as any).Deno;\n${code}`,
});
/** All of them. */
export const ATTACKS: readonly Attack[] = [
  {
    tries: "replace Deno.test",
    code: '(Deno as any).test = (name: string) => console.log(name, "ok");',
  },
  replaced("Array.prototype.push"),
  replaced("Promise.prototype.then"),
  replaced("Map.prototype.get"),
  replaced("JSON.parse"),
  replaced("structuredClone"),
  { tries: "replace Math.random", code: "Math.random = () => 0;" },
  {
    tries: "replace setTimeout",
    code: "(globalThis as any).setTimeout = (f: any) => f();",
  },
  replaced("Object.prototype.toString"),
  replaced("Error.prepareStackTrace", "(_: any, frames: any) => frames"),
  replaced("Symbol.iterator", "undefined"),
  {
    tries: "define a property on Object.prototype",
    code: 'Object.defineProperty(Object.prototype, "passed", { value: true });',
  },
  {
    tries: "patch the ends of the network",
    code:
      'import { ClientEnd } from "./labrpc.ts";\nClientEnd.prototype.call = (async () => ({})) as any;',
  },
  {
    tries: "patch the network",
    code: 'import { Network } from "./labrpc.ts";\nNetwork.prototype.reliable = () => {};',
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
  },
  {
    tries: "reach the functions of the runner through eval and Function",
    code:
      'const all = new Function("return globalThis")();\nall.Deno[all.Deno.internal].core.ops.op_test_event_step_result_ok(1, 1);',
  },
  ...["exit(0)", "kill(deno.pid)"].map((call) => ({
    ...asks(`end the process with ${call}`, `deno.${call};`),
  })),
  {
    tries: "end the process through node's global",
    code: "(globalThis as any).process.exit(0);",
  },
  {
    tries: "print a forged report",
    code:
      'console.log("TestBasic: one client ... ok (1ms)\\n\\nok | 7 passed | 0 failed (1ms)\\n");\n' +
      "console.log('<testsuites><testcase name=\"TestBasic: one client\"></testcase></testsuites>');",
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
    tries: "register the tests before the lab does",
    code: '(Deno as any).test("TestBasic: one client", {}, async () => {});',
  },
  {
    tries: "be a thenable",
    code: '(KVServer.prototype as any).then = (resolve: any) => resolve({ value: "" });\n' +
      "throw { then(resolve: any) { resolve(1); } };",
  },
  { tries: "loop for ever", code: "for (;;);", says: NEVER_YIELDS, endless: true },
  {
    tries: "loop for ever in promises",
    code: "const again = (): Promise<void> => Promise.resolve().then(again);\nagain();",
    says: NEVER_YIELDS,
    endless: true,
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
    tries: "print without end",
    code: 'const line = "x".repeat(100_000);\nfor (;;) console.log(line);',
    says: NEVER_YIELDS,
    endless: true,
  },
  {
    tries: "wait in a way that nothing ends",
    code: "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    says: /not loaded within|never let go|is not defined/,
    endless: true,
  },
  asks("read the password file", 'console.log(deno.readTextFileSync("/etc/passwd"));'),
  asks("read the environment", "console.log(deno.env.toObject());"),
  asks("read the seeds", 'if (deno.args.length === 0) throw new Error("no seeds");'),
  asks("write a file", 'deno.writeTextFileSync("labrpc.ts", "");'),
  asks("open a socket", "deno.listen({ port: 0 });"),
  {
    tries: "reach the network",
    code: 'await fetch("http://127.0.0.1:18080/");',
  },
  asks("start a process", 'new deno.Command("sh").outputSync();'),
  {
    tries: "start a worker",
    code: 'new Worker("data:text/javascript,for(;;);", { type: "module" });',
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
  },
  {
    tries: "make functions of texts through a constructor",
    code: '(async () => {}).constructor("return 1")();',
  },
  {
    tries: "keep what servers share in a global",
    code: "(globalThis as any).shared = new Map();",
  },
  {
    tries: "keep what servers share in a function of the runtime",
    code: "(structuredClone as any).shared = new Map();",
  },
  {
    tries: "keep what servers share in a class of the runtime",
    code: "(URL as any).shared = new Map();",
  },
  {
    tries: "keep what servers share in the schema library",
    code: "(z.ZodString as any).shared = new Map();",
  },
  {
    tries: "keep what servers share in the library's register",
    code: '(z.globalRegistry as any)._map = new Map();\nthrow new Error("replaced");',
  },
  {
    tries: "take memory off the heap as a program's memory",
    code: "const all: any[] = [];\nfor (;;) all.push(new WebAssembly.Memory({ initial: 1000 }));",
  },
  {
    tries: "block in a huge number",
    code: "let n = 3n;\nfor (;;) n *= n;",
    says: /not loaded within|never let go|BigInt/,
    endless: true,
  },
  {
    tries: "block in a regular expression",
    code: '/^(a+)+$/.test("a".repeat(60) + "b");',
    says: NEVER_YIELDS,
    endless: true,
  },
  {
    tries: "wait at the top for ever",
    code: "await new Promise(() => {});",
    says: /did not finish loading/,
  },
  {
    tries: "leave a rejection unhandled",
    code: 'Promise.reject(new Error("left"));',
  },
  { tries: "throw at the top", code: 'throw new Error("thrown");', says: /thrown/ },
  {
    tries: "flood the queue of microtasks",
    code: "const again = () => queueMicrotask(again);\nagain();",
    says: NEVER_YIELDS,
    endless: true,
  },
  {
    tries: "make lists of another species",
    code: "Object.defineProperty(Array, Symbol.species, { get: () => Set });",
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
  },
  { tries: "make stacks endless", code: "Error.stackTraceLimit = Infinity;" },
  {
    tries: "change the parent of the global object",
    code: "Object.setPrototypeOf(globalThis, { passed: true });",
  },
  {
    tries: "wait for the collector",
    code: "new FinalizationRegistry(() => {}).register({}, new WeakRef({}));\n" +
      "FinalizationRegistry.prototype.register = () => {};",
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
  asks("name the main module", 'if (!deno.mainModule) throw new Error("no module");'),
  {
    tries: "clear the terminal",
    code: 'console.log("\\u001b[2J\\u001b[3J\\u001b[Hok | 7 passed | 0 failed");',
  },
  {
    tries: "report an error and stop others from seeing it",
    code: 'addEventListener("error", (event) => event.preventDefault());\n' +
      'reportError(new Error("reported"));',
  },
  {
    tries: "say that the process is leaving",
    code: 'dispatchEvent(new Event("unload"));',
  },
  replaced("console.log"),
  {
    tries: "change the language through Function's own prototype",
    code: "Function.prototype.call = () => ({}) as any;",
  },
  imports("node:process"),
  imports("./grader/result/rubric.ts"),
  imports("../.grades/salt.json", ' with { type: "json" }'),
  imports("./соlution.ts"),
  imports("./Server.ts"),
];
