/**
 * The steps of the workflow for a class, run one by one.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { parse } from "yaml";
import { makeFolder } from "../../cli/folder_fixture.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { autograderFiles } from "../../handout/autograder_files.ts";
import { GradeReport } from "../result/result.ts";

const ignore = !mayRunProcesses;

interface Job {
  steps: { run?: string }[];
}

Deno.test("the merged shards of the workflow equal one run of the class", {
  ignore,
}, async () => {
  const { env, jobs } = parse(await Deno.readTextFile(new URL("grade.yml", import.meta.url)));
  const { shard: shards } = jobs.shard.strategy.matrix;
  assertEquals(shards, Array.from({ length: env.SHARDS }, (_, i) => i + 1));
  const lab = await autograderFiles({});
  // All are refused before anything runs, which costs nothing.
  for (const name of ["ada", "ben", "eve"]) lab.set(`submissions/${name}/client.ts`, name);
  await using temporary = await makeFolder(Object.fromEntries(lab));
  const { path: folder } = temporary;
  // The same Deno as runs this test.
  const PATH = `${Deno.execPath().replace(/[^/]*$/, "")}:${Deno.env.get("PATH")}`;
  const run = async (script: string, variables: Record<string, string> = {}) => {
    const { success, stderr } = await new Deno.Command("bash", {
      args: ["-e", "-c", script],
      cwd: `${folder}/lab`,
      env: { PATH, SHARDS: `${env.SHARDS}`, SALT: "test", SEEDS: "1", ...variables },
    }).output();
    assert(success, new TextDecoder().decode(stderr));
  };
  const scripts = (job: Job) => job.steps.flatMap(({ run }) => run ?? []);
  for (const shard of shards) {
    for (const script of scripts(jobs.shard)) await run(script, { SHARD: `${shard}` });
  }
  for (const script of scripts(jobs.merge)) await run(script);
  await run(
    'deno task grade ../submissions --salt="$SALT" --seeds="$SEEDS" --json=../whole.json || [ -s ../whole.json ]',
  );
  const read = async (name: string) => {
    const json = JSON.parse(await Deno.readTextFile(`${folder}/${name}`));
    return GradeReport.parse(json).submissions
      .map(({ submission, score, tests, problems }) => [submission, score, tests, problems])
      .toSorted();
  };
  const merged = await read("grades.json");
  assertEquals(merged.length, 3);
  assertEquals(merged, await read("whole.json"));
});
