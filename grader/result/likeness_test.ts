/**
 * Programs that differ only in formatting, comments, types and names are equal, and no others.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { handedOutLikeness, likenessOf, withLikeness } from "./likeness.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { bundler, stopBundler } from "../realm/bundle.ts";
import { submissionResult } from "../reports/fixture.ts";
import type { SubmissionResult } from "./result.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };

const server = options.ignore
  ? ""
  : await Deno.readTextFile(new URL("../../server.ts", import.meta.url));

/** Names in the solution, and other names in their place. */
const RENAMED: Record<string, string> = {
  ...{ entries: "table", latest: "memo", seq: "requestId", clerk: "who", version: "stamp" },
  ...{ once: "dedupe", execute: "body", first: "leader", firstServer: "ownerOf", copy: "store" },
  ...{ CopyArgs: "StoreArgs", Entry: "Item", Latest: "Last", copies: "sends", i: "offset" },
};

function renamed(text: string): string {
  const pattern = new RegExp(`\\b(?:${Object.keys(RENAMED).join("|")})\\b`, "g");
  // Messages are not renamed.
  return text.replace(pattern, (name) => RENAMED[name]!).replace(
    "outdated store",
    "outdated retry",
  );
}

Deno.test("likenessOf() ignores names, comments, types and formatting", options, async () => {
  const { transform } = await bundler();
  const plain = (await transform(server, { loader: "ts" })).code;
  const expected = await likenessOf(server);
  const disguises = [
    renamed(server),
    plain,
    renamed(plain),
    `// Mine\n${server.replaceAll("\n", "\n\n")}`,
  ];
  for (const text of disguises) assertEquals(await likenessOf(text), expected);
});

const CHANGES: [from: string, to: string][] = [
  ["seq < latest.seq", "seq <= latest.seq"],
  ["copies.push(", "copies.unshift("],
  ["?.version ?? 0", "?.version ?? 1"],
  ["await this.#write(args.key, args.value);", "this.#write(args.key, args.value);"],
  ['{ value: "" };', '{ value: "x" };'],
];

Deno.test("likenessOf() differs for different programs", options, async () => {
  const expected = await likenessOf(server);
  for (const [from, to] of CHANGES) {
    const changed = server.replace(from, to);
    assert(changed !== server, from);
    assert(await likenessOf(changed) !== expected, to);
  }
});

/** Returns results with these hashes of client.ts and server.ts. */
function classOf(likenesses: Record<string, [client: string, server: string]>): SubmissionResult[] {
  return Object.entries(likenesses).map(([submission, [client, server]]) => {
    return submissionResult(7, {
      submission,
      likeness: { "client.ts": client, "server.ts": server },
    });
  });
}

Deno.test("withLikeness() names the others but never the unchanged skeleton", options, async () => {
  const handedOut = await handedOutLikeness();
  const results = withLikeness(
    [
      ...classOf({
        ...{ ada: ["1 a", "30000 s"], bob: ["1 a", "30000 s"], eve: ["1 e", "30000 s"] },
        ...{ grace: ["1 a", "30000 other"], alan: ["1 t", "900 t"], barbara: ["1 t", "900 t"] },
        ...{ empty: ["1 a", handedOut], nothing: ["1 a", handedOut] },
      }),
      submissionResult(0, { submission: "refused" }),
    ],
    handedOut,
  );
  const end = "apart from formatting and names";
  const short = `${end}; a program this short may be so by chance`;
  assertEquals(Object.fromEntries(results.map(({ submission, notes }) => [submission, notes])), {
    ada: [
      `client.ts and server.ts are the same as in "bob", ${end}`,
      `server.ts is the same as in "eve", ${end}`,
    ],
    bob: [
      `client.ts and server.ts are the same as in "ada", ${end}`,
      `server.ts is the same as in "eve", ${end}`,
    ],
    eve: [`server.ts is the same as in "ada", "bob", ${end}`],
    grace: [],
    alan: [`client.ts and server.ts are the same as in "barbara", ${short}`],
    barbara: [`client.ts and server.ts are the same as in "alan", ${short}`],
    empty: [],
    nothing: [],
    refused: [],
  });
});

Deno.test.afterAll(stopBundler);
