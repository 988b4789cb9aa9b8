import { assertEquals } from "@std/assert";
import { parseKvLog, parseLog } from "./porcupine.ts";

Deno.test("parseLog() reads a log of etcd and keeps what timed out open", () => {
  const operations = parseLog(
    "INFO  jepsen.util - 0\t:invoke\t:write\t4\n" +
      "INFO  jepsen.util - 1\t:invoke\t:cas\t[4 2]\n" +
      "INFO  jepsen.util - 0\t:ok\t:write\t4\n" +
      "INFO  jepsen.util - 1\t:info\t:cas\t:timed-out\n",
  );
  assertEquals(operations.map((operation) => [operation.op, operation.return]), [
    ["write", 2],
    ["cas", null],
  ]);
});

Deno.test("parseKvLog() reads a log of a store whose appends show nothing", () => {
  const operations = parseKvLog(
    '{:process 0, :type :invoke, :f :append, :key "k", :value "a"}\n' +
      '{:process 1, :type :invoke, :f :get, :key "k", :value nil}\n' +
      '{:process 0, :type :ok, :f :append, :key "k", :value "a"}\n' +
      '{:process 1, :type :ok, :f :get, :key "k", :value "a"}\n',
  );
  assertEquals(operations, [
    { client: 0, op: "append", key: "k", value: "a", call: 0, return: 2 },
    { client: 1, op: "get", key: "k", output: "a", call: 1, return: 3 },
  ]);
});
