/**
 * The branches of a session, each with a unique name.
 *
 * @module
 */

import type { Branch } from "./branch.ts";
import type { Branch as ShownBranch } from "./protocol.ts";
import { Refusal } from "./refusal.ts";

/** The branches of one session, in the order in which they were made. */
export class Branches {
  readonly #byId = new Map<string, Branch>();
  #made = 0;

  /** Returns all branches. */
  all(): Branch[] {
    return [...this.#byId.values()];
  }

  /** Returns the branches as the page lists them. */
  shown(): ShownBranch[] {
    return this.all().map(({ shown }) => shown);
  }

  /** Adds a branch, unless it is there already. */
  add(branch: Branch): void {
    this.#byId.set(branch.id, branch);
  }

  /** @throws {Refusal} There is none. */
  get(id: string): Branch {
    const branch = this.#byId.get(id);
    if (branch === undefined) throw new Refusal("This branch was forgotten");
    return branch;
  }

  /** @throws {Refusal} It is the run that was opened. */
  forget(branch: Branch): void {
    if (!branch.isByHand) throw new Refusal("The run that was opened stays");
    this.#byId.delete(branch.id);
  }

  /** Returns an id that no branch had. */
  newId(): string {
    return `b${++this.#made}`;
  }

  /** Returns a name that no branch has.
   *
   * @param name The name to begin with. */
  nameFor(name: string): string {
    const plain = name.replace(/ \d+$/, "");
    const taken = new Set(this.all().map((branch) => branch.name));
    if (!taken.has(plain)) return plain;
    let number = 2;
    while (taken.has(`${plain} ${number}`)) number++;
    return `${plain} ${number}`;
  }
}
