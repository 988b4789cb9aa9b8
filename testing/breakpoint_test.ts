/**
 * A debugger may hold a test for any time without changing the run. This test starts what the
 * editor's launch configuration starts, and acts as the editor.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { delay } from "@std/async";
import { fileURLToPath } from "node:url";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";

const LAB = new URL("../", import.meta.url);

/** The time for which the breakpoint holds the test, in real milliseconds. */
const HELD_MS = 300;

/** A line of `server.ts` in the handler of an append. */
const LINE = 'call("KVServer.append", args)';

Deno.test("a breakpoint in a handler does not change the run", {
  ignore: !mayRunProcesses,
}, async () => {
  const chosen = await launchArgs("Debug a test with a seed", { test: "TestBasic:", seed: "1" });
  const plain = startTest(chosen.filter((arg) => !arg.startsWith("--inspect")));
  const digest = digestIn(await plain.output);

  const tests = (await Deno.readTextFile(new URL("test_test.ts", LAB))).split("\n");
  const lineNumber = 2 + tests.findIndex((line) => line.includes('"TestBasic:'));
  const args = await launchArgs("Debug the test under the cursor of test_test.ts", {
    file: "test_test.ts",
    lineNumber: String(lineNumber),
  });

  // Any free port.
  const debugged = startTest(
    args.map((arg) => arg.replace(/^--inspect.*/, "--inspect-wait=127.0.0.1:0")),
  );
  const editor = new Editor(await debugged.address);
  assertEquals(await editor.stopAt("/server.ts", LINE), "append");
  await delay(HELD_MS);
  editor.goOn();
  assertEquals(digestIn(await debugged.output), digest);
});

/** Returns the words of a launch configuration.
 *
 * @param name Its name.
 * @param values The values of the editor's variables and inputs. */
async function launchArgs(name: string, values: Record<string, string>): Promise<string[]> {
  const launch = JSON.parse(await Deno.readTextFile(new URL(".vscode/launch.json", LAB)));
  const { runtimeArgs, program, args } = launch.configurations
    .find((each: { name: string }) => each.name === name);
  return [...runtimeArgs, program, ...args].map((word: string) => {
    return word.replace("${workspaceFolder}/", "")
      .replace(/\$\{(?:input:)?(\w+)\}/, (_, id) => values[id]!);
  });
}

function digestIn(output: string): string {
  assertMatch(output, /^ok \| 1 passed/m);
  return output.match(/digest (\w+)/)![1]!;
}

/** A process of the test runner. */
interface RunningTest {
  /** The address at which it waits for a debugger. */
  address: Promise<string>;
  /** Its whole output, when it has ended. */
  output: Promise<string>;
}

function startTest(args: readonly string[]): RunningTest {
  const { stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: fileURLToPath(LAB),
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const address = Promise.withResolvers<string>();
  const errors = (async () => {
    let text = "";
    for await (const part of stderr.pipeThrough(new TextDecoderStream())) {
      text += part;
      const found = text.match(/ws:\S+/)?.[0];
      if (found !== undefined) address.resolve(found);
    }
    return text;
  })();
  const output = Promise.all([new Response(stdout).text(), errors]).then((texts) => texts.join(""));
  return { address: address.promise, output };
}

/** A message of the Chrome DevTools Protocol, as far as it is used here. */
interface Message {
  id?: number;
  method?: string;
  // deno-lint-ignore no-explicit-any -- the protocol has hundreds of types
  params?: any;
  // deno-lint-ignore no-explicit-any -- the same
  result?: any;
}

/** An editor's side of the Chrome DevTools Protocol. */
class Editor {
  readonly #socket: WebSocket;
  readonly #heard: Message[] = [];
  #onMessage = () => {};
  #nextId = 1;

  constructor(address: string) {
    this.#socket = new WebSocket(address);
    this.#socket.onmessage = ({ data }) => {
      this.#heard.push(JSON.parse(data));
      this.#onMessage();
    };
    this.#socket.onclose = () => this.#onMessage();
  }

  /** Runs the program until it reaches a line.
   *
   * @returns The name of the function that stopped.
   */
  async stopAt(file: string, line: string): Promise<string> {
    await new Promise((resolve) => this.#socket.onopen = resolve);
    await this.#ask("Debugger.enable");
    // Like editors: each module waits, so that breakpoints are set before it runs.
    const instrumentation = "beforeScriptWithSourceMapExecution";
    await this.#ask("Debugger.setInstrumentationBreakpoint", { instrumentation });
    await this.#ask("Runtime.runIfWaitingForDebugger");
    const { data: { scriptId } } = await this.#paused(({ data }) => data?.url?.endsWith(file));
    const { scriptSource } = await this.#ask("Debugger.getScriptSource", { scriptId });
    const lineNumber = scriptSource.split("\n").findIndex((each: string) => each.includes(line));
    await this.#ask("Debugger.setBreakpoint", { location: { scriptId, lineNumber } });
    await this.#ask("Debugger.resume");
    const { callFrames } = await this.#paused(({ hitBreakpoints }) => hitBreakpoints.length > 0);
    return callFrames[0].functionName;
  }

  /** Disconnects, so that the program continues. */
  goOn(): void {
    this.#socket.close();
  }

  async #ask(method: string, params = {}): Promise<Message["result"]> {
    const id = this.#nextId++;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return (await this.#find((message) => message.id === id)).result;
  }

  /** Resumes the program until it stops for a certain reason. */
  async #paused(isWanted: (params: Message["params"]) => boolean): Promise<Message["params"]> {
    for (;;) {
      const { params } = await this.#find(({ method }) => method === "Debugger.paused");
      if (isWanted(params)) return params;
      await this.#ask("Debugger.resume");
    }
  }

  /** Waits for a message, and removes it. */
  async #find(isWanted: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const at = this.#heard.findIndex(isWanted);
      if (at >= 0) return this.#heard.splice(at, 1)[0]!;
      if (this.#socket.readyState === WebSocket.CLOSED) throw new Error("The program has ended");
      await new Promise<void>((resolve) => this.#onMessage = resolve);
    }
  }
}
