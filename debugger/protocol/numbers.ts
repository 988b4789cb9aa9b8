/**
 * Numbers and names that all parts of the protocol use.
 *
 * @module
 */

import { z } from "zod";

/** A number that counts from 0. */
export const Index = z.int().min(0);
/** A position of a branch. */
export const Place = z.int().min(0);
/** The name of a branch among the others. */
export const BranchId = z.string().max(20);
