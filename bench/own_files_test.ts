/**
 * The gate runs the lab's own files, each of them, and nothing that only lies in its folder,
 * such as a class that was put there.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { checkedPaths } from "./steps.ts";

const LAB = new URL("../", import.meta.url);
const ignore = (["read", "run"] as const).some((name) => {
  return Deno.permissions.querySync({ name }).state !== "granted";
});

/** The folders of the lab that hold code; none where the lab is no checkout. */
async function ownFolders(): Promise<string[]> {
  try {
    const { stdout } = await new Deno.Command("git", {
      args: ["ls-files", "--", "*/*.ts"],
      cwd: LAB,
      stderr: "null",
    }).output();
    const files = new TextDecoder().decode(stdout).trim().split("\n").filter((file) => file !== "");
    return [...new Set(files.map((file) => file.split("/")[0]!))].toSorted();
  } catch {
    return [];
  }
}

Deno.test("the gate names every folder of the lab that holds code", { ignore }, async () => {
  const { test, lint, fmt, workspace } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", LAB)),
  );
  const checked = checkedPaths();
  // Deno itself adds the packages of the workspace to what is included.
  const added = workspace.map((each: string) => each.replace("./", ""));
  for (const folder of await ownFolders()) {
    for (const { include } of [test, lint, fmt]) {
      assertEquals([...include, ...added].includes(folder), true, folder);
    }
    assertEquals(checked.includes(folder), true, folder);
  }
});
