import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { runInProcess } from "../cli/command_fixture.ts";
import { CommandError } from "../cli/mod.ts";
import { makeSubmission } from "../explore/command_fixture.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { debugCommand, startDebugger } from "./debug.ts";
import { DebugServer } from "./debug_server.ts";

const ignore = !mayRunProcesses;
const WANTED = { network: "unreliable", whole: false } as const;

/** Returns the status with which a server answers. Not by `fetch`, which always names the host
 * that it asks. */
async function statusOf({ address }: DebugServer, path: string, headers: string[] = []) {
  using connection = await Deno.connect({ hostname: address.hostname, port: Number(address.port) });
  const host = headers.some((line) => line.startsWith("host:")) ? [] : [`host: ${address.host}`];
  const lines = [`GET ${path} HTTP/1.1`, ...host, ...headers, "connection: close", "", ""];
  await connection.write(new TextEncoder().encode(lines.join("\r\n")));
  const text = await new Response(connection.readable).text();
  return Number(text.match(/^HTTP\/1.1 (\d+)/)![1]);
}

Deno.test("debug refuses options that do not fit together, in one line", async () => {
  const cases: [string[], string][] = [
    [["--seed=1", "--schedule=F"], "Option --seed does nothing with --schedule; leave it out"],
    [["--whole"], "Option --whole does nothing without --test and --seed; leave it out"],
    [["--port=70000"], "expected a port from 1 to 65535"],
    [["--shedule=F"], "did you mean --schedule?"],
  ];
  for (const [args, expected] of cases) {
    const { status, err } = await runInProcess(debugCommand, args);
    assertEquals(status, 2, args.join(" "));
    assertStringIncludes(err, expected);
    assertMatch(err, /^debug: [^\n]+\n$/);
  }
});

Deno.test("debug says in one line that a port is taken", { ignore }, async () => {
  await using first = new DebugServer(0);
  const port = Number(first.address.port);
  await assertRejects(
    () => startDebugger({ ...WANTED, port }),
    CommandError,
    `Cannot listen on port ${port}: another program does`,
  );
});

Deno.test("debug says in one line that a submission cannot be used", { ignore }, async () => {
  const from = "export class KVServer {";
  const shared = `let calls = 0;\nexport function count() { calls++; }\n${from}`;
  const edits: [to: string, expected: RegExp][] = [
    [
      "export class {{",
      /^Cannot load the tests with these files: SyntaxError: [^\n]+ at server\.ts:\d+:\d+$/,
    ],
    [shared, /^server\.ts:\d+: "calls" may not change: [^\n]+$/],
  ];
  for (const [to, expected] of edits) {
    await using submission = await makeSubmission({ file: "server.ts", from, to });
    const given = { ...WANTED, port: 0, submission: submission.path };
    const { message } = await assertRejects(() => startDebugger(given), CommandError);
    assertMatch(message, expected);
  }
});

Deno.test("debug says in one line that a schedule is none", { ignore }, async () => {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(file, '{ "nservers": 1 }');
  await assertRejects(
    () => startDebugger({ ...WANTED, port: 0, schedule: file }),
    CommandError,
    `Cannot read the schedule ${file}: nreplicas: `,
  );
  await Deno.remove(file);
});

Deno.test("the server gives its page to nobody who does not know its address", {
  ignore,
}, async () => {
  await using server = new DebugServer(0);
  const { pathname, origin, port } = server.address;
  const foreign = "origin: http://evil.example";
  assertEquals(await statusOf(server, pathname), 200);
  assertEquals(await statusOf(server, "/"), 404);
  assertEquals(await statusOf(server, "/session", [`origin: ${origin}`]), 404);
  assertEquals(await statusOf(server, `${pathname}protocol.ts`), 404);
  // Another name that leads to this machine, and a page of another origin.
  assertEquals(await statusOf(server, pathname, [`host: evil.example:${port}`]), 403);
  assertEquals(await statusOf(server, pathname, [foreign]), 403);
  assertEquals(await statusOf(server, `${pathname}session`, [foreign, "upgrade: websocket"]), 403);
  assertEquals(await statusOf(server, `${pathname}session`, ["upgrade: websocket"]), 400);
});
