/**
 * The students' skeleton with the code of an attack.
 *
 * @module
 */

import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { bundleFiles } from "../realm/fixture.ts";
import type { Bundle } from "../realm/mod.ts";
import type { Attack } from "./realm_attacks.ts";

const FILES = ["client.ts", "server.ts"] as const;
const [client = "", server = ""] = !mayRunProcesses ? [] : await Promise.all(FILES.map((file) => {
  return Deno.readTextFile(new URL(`../../corpus/skeleton/${file}`, import.meta.url));
}));

/** Returns the files of an attack by their names. */
export function filesOf({ code, file }: Pick<Attack, "code" | "file">): Map<string, string> {
  const files = new Map([["client.ts", client], ["server.ts", server]]);
  const changed = file ?? "client.ts";
  return files.set(changed, `${files.get(changed)}\n${code}\n`);
}

/** Bundles an attack.
 *
 * @throws {BundleError} The bundler refuses it. */
export function bundleAttack(attack: Pick<Attack, "code" | "file">): Promise<Bundle> {
  return bundleFiles(filesOf(attack));
}
