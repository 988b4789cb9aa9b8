/**
 * The connection, for every component that gives a command.
 *
 * @module
 */

import { type Context, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Connection } from "./connection.ts";

/** Holds the connection. */
export const ConnectionContext: Context<Connection | undefined> = createContext<
  Connection | undefined
>(undefined);

/** Returns the connection of the page. */
export function useConnection(): Connection {
  return useContext(ConnectionContext)!;
}
