import { assertEquals } from "@std/assert";
import { hasRunnerSeed } from "./runner_seed.ts";

const ignore = Deno.permissions.querySync({ name: "run" }).state !== "granted";

Deno.test("a seed before -- is noticed", { ignore }, async () => {
  const module = new URL("runner_seed.ts", import.meta.url);
  const code = `import { hasRunnerSeed } from "${module}"; console.log(hasRunnerSeed());`;
  const said = async (...options: string[]) => {
    const args = ["eval", "--no-config", "--no-lock", ...options, code];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
    return new TextDecoder().decode(stdout).trim();
  };
  assertEquals(await said("--seed=7"), "true");
  assertEquals(hasRunnerSeed(), false);
});
