import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { pageFile } from "./assets.ts";

const ignore = !mayRunProcesses;

const IMPORT = /^(?:import|export) [^;]*? from "(\.[^"]+)";$/gm;

Deno.test(
  "pageFile() gives every module that the page imports, without types",
  { ignore },
  async () => {
    const left = ["debugger/page/browser/main.ts"];
    const seen = new Set<string>();
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const file = await pageFile(path);
      assert(file !== undefined, `The page has no ${path}`);
      for (const [, source] of file.body.matchAll(IMPORT)) {
        left.push(new URL(source!, `http://page/${path}`).pathname.slice(1));
      }
    }
    assert(
      seen.has("visualizer/sequence_shapes.ts"),
      "The drawing is not that of the history page",
    );
  },
);

Deno.test("pageFile() names files below the page only, so that any server can hold it", async () => {
  const { body } = (await pageFile(""))!;
  const addresses = Array.from(body.matchAll(/(?:src|href)="([^"]*)"/g), ([, address]) => address);
  assertEquals(addresses, ["data:,", "debugger.css", "debugger/page/browser/main.ts"]);
  assertStringIncludes(body, "default-src 'none'");
});

Deno.test("pageFile() returns no other file of the lab", { ignore }, async () => {
  const others = [
    ...["client.ts", "/client.ts", "../client.ts", "debugger/page/browser/../../../client.ts"],
    ...["debugger/page/assets.ts", "debugger/page/browser/values_test.ts", "lib/constructor"],
    ...["visualizer/none.ts", "visualizer/page.ts?x", "constructor"],
  ];
  for (const path of others) assertEquals(await pageFile(path), undefined, path);
});
