/**
 * The hints that failures print: each names the idea that the solution most likely lacks, and not
 * the code.
 *
 * @module
 */

/** One hint for each kind of mistake that the tests can tell apart. */
export const HINTS = {
  executedTwice:
    "A clerk that hears no reply sends its request again, although the server may have " +
    "executed it. How can a server recognize a retry, however late it comes, and what must it " +
    "answer?",
  lost: "A write that returned must be seen by every later operation. Does the clerk wait for " +
    "every reply, does the server reply only when the write is done, and can the server " +
    "mistake a new request for a retry?",
  lostUpdate:
    "While a handler awaits, other requests run. Does a handler read a value before an await, " +
    "and write a value made from it afterwards?",
  replica:
    "Every replica of a shard must see what the others have written. Which server executes a " +
    "request, and when may the clerk be told that it is done?",
  sameValue:
    "A clerk may write the same value twice on purpose. How can a server tell a new request " +
    "from a retry, if not by its key and its value?",
  sharedNumbers:
    "A server takes two requests with the same numbers for one request and its retry. What " +
    "ensures that no two clerks ever use the same numbers?",
  wrongOrder:
    "All clerks must see the writes in one order. Which server decides it, and does each request " +
    "get the reply that belongs to it?",
  nowhere:
    "put replaces a value, append adds to its end, and nothing else changes it. Can a request " +
    "get the reply to another one, and does a variable outside the classes keep anything from " +
    "an earlier test?",
  stale: "A read must see every write that returned before it was called, and everything that " +
    "another read has seen. Which server has all of it?",
  inconclusive: "Run it again with another seed, and tell your instructor about this one.",
  oldValue: "append returns the value as it was before, even when the reply is sent a second time.",
  oldValueLost:
    "append returns the value as it was before. Either an earlier write is lost or not done " +
    "yet, or this reply belongs to another request. Does the clerk wait for every reply, how " +
    "does the server tell requests apart, and what must it reply to a retry?",
  notWritten: "Your code goes here. Start with the first test of test_test.ts.",
  missingKey: 'A key that does not exist counts as "", for get and for append.',
  noRpc: "The clerk has no data of its own: every operation must ask a server and wait for its " +
    "reply.",
  resultType:
    "get and append return a string. Does every path of the clerk return the reply's value?",
  gaveUp:
    "A timeout does not mean that the request failed. The clerk must go on until it hears a " +
    "reply.",
  noReply:
    "An operation may return only after a reply to it has arrived: a timeout does not mean " +
    "that the request failed. Does the clerk await every call, and go on until one is " +
    "answered?",
  threw: "An operation must not throw. It returns when it has been executed, however long that " +
    "takes.",
  constructed:
    "The test makes its clerks and servers from the classes that client.ts and server.ts " +
    "export.",
  unhandled: "A promise was rejected, and nothing awaited it. Is an await missing?",
  unhandledTimeout:
    "Nothing awaits this call, or nothing catches its timeout. Is an await missing? What must " +
    "happen when no reply arrives?",
  plainData:
    "Messages carry strings, numbers, booleans, lists and plain objects. Send a 64-bit id as a " +
    "string: above 2 ** 53, a number cannot hold every integer.",
  noMethod:
    "Clerks and other servers can call only the methods that the class lists in its rpc table.",
  handlerThrew: "A handler must answer every request, even a retry and one that comes late.",
  rpc: "A message must fit the schema that server.ts declares for the method, field by field.",
  deadlock:
    "Something waits for what will never happen: a lock that is never released, or a promise " +
    "that is never resolved.",
  livelock:
    "Something repeats forever and never succeeds. Does the server ever send the reply that " +
    "the clerk waits for, or does a handler wait for a lock that is never released?",
  serverLoop:
    "Servers ask each other again and again. Which server executes a request without passing " +
    "it on? Does a handler wait for another server that waits for it?",
  busyWait:
    "A loop that only reads the clock stops everything else, even time. To wait, await a timer " +
    "or a call.",
  outOfTime:
    "The run makes progress, but slowly. Does the work for a request grow with the number of " +
    "requests before it?",
  held:
    "This says nothing about the solution. Run it again. For breakpoints, turn the limit off: " +
    "deno test --inspect-wait test_test.ts -- --debug",
  starved: "This says nothing about the solution. Run it again when the machine is less busy.",
  notRun: "Make the tests before it pass first, or run this one alone.",
  neverYields:
    "Look for a loop that never ends: it needs an await on a call or on a timer, and a way " +
    "out.",
  uneven: "Each key belongs to one server, number Number(key) % nservers. Do the clerk and the " +
    "server agree on that?",
  noFallback:
    "A clerk that cannot reach the first server of a shard must soon try the next replica. How " +
    "long does it wait before it does?",
  neverFrees:
    "Every test passes, but a server that runs for a long time would run out of memory. A " +
    "clerk makes one call at a time: what does its next request say about the reply to the one " +
    "before?",
  silentServer:
    "The clerk asked a server that it can reach. Does the handler wait for a lock that is never " +
    "released, or for another server that waits for this one? Or does a TimeoutError end it, so " +
    "that it sends no reply?",
  notRejected:
    "Server Number(key) % nservers comes first for a key, and the next nreplicas - 1 servers " +
    "are its other replicas. No other server may serve the key, and the clerk must not give up " +
    "before a replica answers.",
  noProgress:
    "While servers are down, the remaining replicas serve their shards. How long does a clerk " +
    "wait before it asks the next one, does it try all of them, and does a server release its " +
    "locks when a call times out?",
} as const;

/** Returns the hint that a report shows as this text, see {@linkcode HINTS_ALONE}. */
export function hintOf(text: string): string {
  return HINTS_ALONE.entries().find(([, alone]) => alone === text)?.[0] ?? text;
}

/** Replacements for hints that ask about several servers, for clusters of one. */
export const HINTS_ALONE: ReadonlyMap<string, string> = new Map([
  [
    HINTS.stale,
    "A read must see every write that returned before it was called. Does the server reply only " +
    "when the write is done, and can it mistake a new request for a retry?",
  ],
  [
    HINTS.wrongOrder,
    "All clerks must see the writes in one order. Does each request take effect as a whole, and " +
    "does each get its own reply?",
  ],
]);
