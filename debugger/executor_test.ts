import { assertEquals, assertMatch } from "@std/assert";
import { makeSubmission } from "../explore/command_fixture.ts";
import { openLab } from "../explore/run/lab.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { ChildExecutor } from "./executor.ts";
import { Driver } from "./session_fixture.ts";

const PATIENCE = { silenceMs: 500, totalMs: 10_000 };
const APPEND = "append(args: PutAppendArgs): Promise<PutAppendReply> {";

Deno.test("code that never yields ends its branch, and a person can act before that step", {
  ignore: !mayRunProcesses,
}, async () => {
  const loop = `if (args.value === "loop") for (;;) console.log("again");`;
  await using submission = await makeSubmission({
    file: "server.ts",
    from: APPEND,
    to: `${APPEND}\n${loop}`,
  });
  await using lab = await openLab(submission.path, ["debugger"]);
  using executor = new ChildExecutor(lab.url, PATIENCE);
  const driver = new Driver(executor);
  await driver.do({ do: "new", cluster: { servers: 1, replicas: 1, clerks: 1 } });
  await driver.act(
    { act: "operation", clerk: 0, op: "append", key: "0", value: "loop" },
    { act: "deliver", message: 0, what: "request" },
  );
  const { trouble, steps } = driver.last("run");
  assertEquals([trouble!.kind, trouble!.position, trouble!.machine], [
    "never yields",
    2,
    "server 0",
  ]);
  assertMatch(steps.at(-1)!.text, /^server 0 gets request 1 /);
  const after = await driver.do({ do: "act", action: { act: "fire", message: 0 } });
  assertMatch(after.refused!, /^The run ends with this step; go back/);

  await driver.do({ do: "seek", position: trouble!.position });
  await driver.act({ act: "drop", message: 0, what: "request" });
  assertEquals(driver.last("run").trouble, undefined);
  assertEquals(driver.texts.at(-1), "Request 1 is lost");
});
