/**
 * The gate checks all of the lab's own files, and no other files in its folder, for example
 * submissions to grade.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };
import { checkedPaths } from "./steps.ts";

const LAB = new URL("../", import.meta.url);
const ignore = (["read", "run"] as const).some((name) => {
  return Deno.permissions.querySync({ name }).state !== "granted";
});

/** Returns the folders of the lab that hold code, none if the lab is no git checkout. */
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
  const { test, lint, fmt, workspace } = config;
  // Deno includes the packages of the workspace without being told.
  const added = workspace.map((each) => each.replace("./", ""));
  for (const folder of await ownFolders()) {
    for (const paths of [test.include, lint.include, fmt.include, checkedPaths()]) {
      assertEquals([...paths, ...added].includes(folder), true, folder);
    }
  }
});
