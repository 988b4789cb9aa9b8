import { assertEquals } from "@std/assert";
import { systemReason } from "./system_reason.ts";

Deno.test("systemReason() keeps only the words of the system", () => {
  const reason = (message: string) => systemReason(new Error(message));
  assertEquals(
    reason("No such file or directory (os error 2): readfile '/a'"),
    "no such file or directory",
  );
  assertEquals(reason("Broken pipe (os error 32)"), "broken pipe");
  assertEquals(reason("ENOTDIR: not a directory, lstat '/a/b'"), "not a directory");
  assertEquals(reason("Cannot go on\n    at file:///a.ts"), "Cannot go on");
});
