/**
 * The calls under way, each with its message in flight and its caller that waits.
 *
 * @module
 */

import type { Flight, MessageOf, Operation, Waiting } from "../../protocol.ts";

/** A call under way. */
export interface Call {
  /** The number of its request. */
  readonly message: number;
  /** Its request or its reply, if one is in flight. */
  readonly flight: Flight | undefined;
  /** Its caller, if that has not given up. */
  readonly waiting: Waiting | undefined;
}

/** Returns the calls with a message in flight or a caller that waits, in the order of sending. */
export function callsOf(
  { flights, waiting }: Pick<MessageOf<"position">, "flights" | "waiting">,
): Call[] {
  const numbers = new Set([...flights, ...waiting].map(({ message }) => message));
  return [...numbers].sort((one, other) => one - other).map((message) => ({
    message,
    flight: flights.find((flight) => flight.message === message),
    waiting: waiting.find((own) => own.message === message),
  }));
}

/** Returns the operation that each request is for, by the number of the request. */
export function operationsByMessage(
  { steps, operations }: Pick<MessageOf<"run">, "steps" | "operations">,
): ReadonlyMap<number, Operation> {
  const pairs = steps.flatMap(({ message, operation }): [number, Operation][] =>
    message === undefined || operation === undefined ? [] : [[message, operations[operation]!]]
  );
  return new Map(pairs);
}

/** Returns what a call is for: its operation, or its method and what it carries.
 *
 * @param operation The operation that it is for, if it is for one. */
export function callText({ flight, waiting }: Call, operation: Operation | undefined): string {
  const { method } = (flight ?? waiting)!;
  if (operation?.op === method) return operation.text;
  return flight?.what === "request" ? `${method} ${flight.carried}` : method;
}

/** Returns the way of the message, or the two ends if none is in flight. */
export function routeText({ flight, waiting }: Call): string {
  return flight === undefined
    ? `${waiting!.from} · ${waiting!.to}`
    : `${flight.from} → ${flight.to}`;
}

/** Returns what is in flight, in a few words. */
export function flightText(flight: Flight | undefined): string {
  if (flight === undefined) return "nothing in flight";
  const { what, carried, isDuplicate, isHeld, isLate } = flight;
  const name = isDuplicate ? `duplicate of a ${what}` : what;
  const value = what === "reply" ? ` ${valueOf(carried) ?? carried}` : "";
  return `${name}${value}${isHeld ? ", held back" : ""}${isLate ? ", too late" : ""}`;
}

function valueOf(carried: string): string | undefined {
  try {
    const { value } = JSON.parse(carried);
    return value === undefined ? undefined : JSON.stringify(value);
  } catch {
    return undefined;
  }
}
