import { assertEquals } from "@std/assert";

const mayRun = (await Deno.permissions.query({ name: "run" })).state === "granted";

Deno.test({
  name: "deno publish accepts the package without slow types",
  ignore: !mayRun,
  async fn() {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
      cwd: new URL("./", import.meta.url),
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
  },
});
