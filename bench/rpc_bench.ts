import { encode } from "../labrpc/encoding.ts";
import { roundTrips, SMALL_ARGS } from "./workload.ts";

// Divide by 1,000 for the cost of one call.
Deno.bench("1,000 round trips, 5 clerks, small arguments", { group: "small" }, async () => {
  await roundTrips(1000, SMALL_ARGS);
});

Deno.bench("1,000 structuredClones of the arguments", { group: "small", baseline: true }, () => {
  for (let i = 0; i < 1000; i++) structuredClone(SMALL_ARGS);
});

Deno.bench("1,000 encodings of the arguments", { group: "small" }, () => {
  for (let i = 0; i < 1000; i++) encode(SMALL_ARGS);
});

const large = { ...SMALL_ARGS, value: "x".repeat(100_000) };

Deno.bench("100 round trips, 5 clerks, 100 KB each", { group: "large" }, async () => {
  await roundTrips(100, large);
});

Deno.bench("100 structuredClones of 100 KB", { group: "large", baseline: true }, () => {
  for (let i = 0; i < 100; i++) structuredClone(large);
});
