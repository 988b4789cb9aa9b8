/**
 * Hints: the ideas that a failing solution most likely lacks. They name the
 * idea, not the code.
 *
 * @module
 */

/** One hint for each kind of mistake that the tests can tell apart. */
export const HINTS = {
  executedTwice: "A clerk that hears no reply sends its request again, although the server may " +
    "have executed it. How can a server recognize a retry, however late it comes, and what must it answer?",
  lost:
    "A write that returned must be seen by everything that is called later. Does the clerk wait " +
    "for every reply, does the server reply only when the write is done, and can it take a new " +
    "request for a retry of another one?",
  lostUpdate:
    "While a handler awaits, other requests run. Does it read a value before an await, and write after it what " +
    "it made of that?",
  replica:
    "A replica that is asked instead of the shard's first server must see what that one has written, and the other way " +
    "round. Who executes the request, and when may the clerk be told that it is done?",
  sameValue:
    "A clerk may write the same value twice, and means it. By what can a server tell a new " +
    "request from a retry of an earlier one, if not by its key and its value?",
  sharedNumbers:
    "A server takes two requests with the same numbers for one request that was sent again. What " +
    "makes sure that no two clerks ever use the same ones?",
  wrongOrder:
    "All clerks must see the writes in one order. Which server decides it, and does each request " +
    "get the reply that belongs to it?",
  nowhere:
    "put replaces a value and append adds to its end. It can hold nothing else; a reply must " +
    "belong to its own request, and not to one that the server takes for the same; and nothing may stay from an " +
    "earlier test in a variable outside the classes.",
  stale:
    "A read must see every write that returned before it was called, and everything that another read had " +
    "seen. Which server has it all?",
  inconclusive: "Run it again with another seed, and tell your instructor about this one.",
  oldValue: "append returns the value as it was before, also when the reply is sent a second time.",
  oldValueLost:
    "append returns the value as it was before. Either an earlier write was lost or is not done " +
    "yet, or this reply is not the one of this request. Does the clerk wait for every reply, by what are " +
    "requests told apart, and what must a retry be answered?",
  notWritten: "This is where your code goes; begin with the test that stands first.",
  missingKey: 'A key that does not exist counts as "", for get and for append.',
  noRpc:
    "The clerk has no data of its own: every operation must ask a server, and wait for its reply.",
  resultType:
    "get and append return a string. Does every path of the clerk return the reply's value?",
  gaveUp:
    "A timeout does not mean that the request failed. The clerk must go on until it hears a " +
    "reply.",
  noReply:
    "An operation may return only when a reply to it has arrived: a timeout does not mean that the " +
    "request failed. Does the clerk await every call, and go on until one is answered?",
  threw:
    "An operation must not throw. It returns when it has been executed, however long that takes.",
  constructed: "The test makes its clerks and servers from what client.ts and server.ts export.",
  unhandled: "A promise failed and nobody was waiting for it. Is an await missing?",
  unhandledTimeout:
    "Nobody waits for this call, or nobody catches its timeout. Is an await missing? What must happen " +
    "when no reply arrives?",
  plainData:
    "JSON carries strings, numbers, booleans, lists and plain objects. An id of 64 bits travels as " +
    "a string: beyond 2 ** 53 a number and the next one are the same.",
  noMethod:
    "Only what stands in the rpc table of the class can be called, from outside and by other " +
    "servers.",
  handlerThrew: "A handler must answer every request, also a retry and one that comes late.",
  rpc: "What is sent must fit the schema that server.ts declares for the method, field by field.",
  deadlock:
    "Somebody waits for what nobody will do: a lock that is never released, a promise that is " +
    "never resolved.",
  livelock:
    "Something is repeated for ever and never succeeds. Does the server ever send the reply " +
    "that the clerk waits for, or does a handler wait for a lock that is never released?",
  serverLoop:
    "Servers ask each other again and again. Which server executes a request, so that no other passes " +
    "it on? Does a handler wait for another server that waits for it?",
  busyWait:
    "A loop that looks at the clock stops everything else, time included. To wait, await a timer " +
    "or a call.",
  outOfTime: "It got on, but slowly. Does some work grow with everything that happened before?",
  held: "This says nothing about the solution. Run it again. For breakpoints, set no limit: " +
    "deno test --inspect-wait test_test.ts -- --debug",
  starved: "This says nothing about the solution. Run it again when the machine has less to do.",
  notRun: "Correct the tests before it first, or run this one alone.",
  neverYields:
    "Look for a loop that waits for nothing but itself: it needs an await on a call or on a " +
    "timer, and a way out.",
  uneven:
    "Each key belongs to one server, the one with number Number(key) % nservers. Do clerk and " +
    "server agree on that?",
  noFallback:
    "A clerk that cannot reach the first server of a shard must try the next replica, and soon. " +
    "How long does it wait before it does?",
  neverFrees:
    "It all passes, but a server that runs for long would run out of memory. A clerk makes one " +
    "call at a time: what does its next request say about the reply to the one before?",
  silentServer:
    "The clerk did ask a server that it can reach. What does the handler wait for: a lock that is never " +
    "released, or another server that waits for this one? Or does it take a new request for an old " +
    "one, and leave it without a reply?",
  notRejected:
    "Server Number(key) % nservers comes first for a key, and the next nreplicas - 1 are its other replicas. " +
    "Nobody else may serve it, and the clerk must not give up before one of them answers.",
  noProgress:
    "While servers are down, the replicas that are left serve their shards. How long does a clerk wait " +
    "before it asks the next one, does it come to all of them, and does a server let go of its locks when a call times out?",
} as const;

/** Replacements for hints that ask about several servers, for clusters of one. */
export const HINTS_ALONE: ReadonlyMap<string, string> = new Map([
  [
    HINTS.stale,
    "A read must see every write that returned before it was called. Does the server reply only " +
    "when the write is done, and can it take a new request for a retry of another one?",
  ],
  [
    HINTS.wrongOrder,
    "All clerks must see the writes in one order. Does each request take effect as a whole, and " +
    "does each get the reply that belongs to it?",
  ],
]);
