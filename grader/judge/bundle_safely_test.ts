import { assertEquals, assertRejects } from "@std/assert";
import { bundleSafely } from "./bundle_safely.ts";
import { NotGradedError } from "./run.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { type Bundle, BundleError, bundleSubmission, stopBundler } from "../realm/bundle.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };
const files = (server: string) => new Map([["client.ts", ""], ["server.ts", server]]);
const right = files("export class KVServer {}");
const deadly = files("deadly");
const none = {} as Bundle;

/** Returns a bundler that one submission stops for all that it bundles at the time. */
function stoppable() {
  let stop = () => {};
  return async (submission: ReadonlyMap<string, string>): Promise<Bundle> => {
    const stopped = new Promise<void>((resolve) => {
      const before = stop;
      stop = () => (before(), resolve());
    });
    if (submission === deadly) stop();
    const ended = await Promise.race([
      stopped.then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 20)),
    ]);
    if (ended) throw new Error("The service was stopped");
    return none;
  };
}

Deno.test("bundleSafely() fails only the submission that ends the bundler", options, async () => {
  const bundling = stoppable();
  const [one, other, last] = await Promise.allSettled([
    bundleSafely(right, bundling),
    bundleSafely(deadly, bundling),
    bundleSafely(right, bundling),
  ]);
  assertEquals([one.status, other.status, last.status], ["fulfilled", "rejected", "fulfilled"]);
  assertEquals((other as PromiseRejectedResult).reason instanceof BundleError, true);
});

Deno.test("bundleSafely() fails a submission that blocks the bundler", options, async () => {
  const bundling = (submission: ReadonlyMap<string, string>) => {
    return submission === deadly ? new Promise<Bundle>(() => {}) : Promise.resolve(none);
  };
  await assertRejects(() => bundleSafely(deadly, bundling, 10), BundleError, "more than 0.01 s");
});

Deno.test("bundleSafely() blames no submission if the bundler does not work", options, async () => {
  const bundling = () => Promise.reject(new Error("spawn ENOMEM"));
  await assertRejects(() => bundleSafely(right, bundling), NotGradedError, "spawn ENOMEM");
});

Deno.test("the bundler starts again after it was stopped", options, async () => {
  await bundleSubmission(right);
  await stopBundler();
  await bundleSafely(right);
});

Deno.test.afterAll(stopBundler);
