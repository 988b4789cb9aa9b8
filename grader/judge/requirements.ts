/**
 * The measurement of the requirements, as one more test of the judge. Points may depend on it, so
 * it runs in realms and within limits, as all tests do.
 *
 * @module
 */

import type { LabTest } from "../../testing/lab_tests.ts";
import { type Measured, measuredBy, measureRequirements } from "../../testing/requirements.ts";
import type { RealmFactory } from "../realm/machines.ts";

/** The name of the measurement among the tests. */
export const REQUIREMENTS_TEST = "Requirements";

/** Makes the test. It fails only if the submission ends the measurement.
 *
 * @param factory Makes the machines of each cluster.
 */
export function requirementsTest(
  factory: RealmFactory,
  onMeasured: (measured: Measured) => void,
): LabTest {
  return {
    name: `${REQUIREMENTS_TEST}: measured on reliable clusters`,
    async run(test) {
      // The judge has loaded it with the tests.
      const { makeShardConfig } = await import("../../config.ts");
      const makeCluster = measuredBy(makeShardConfig, test.run!, () => factory.machines());
      onMeasured(await measureRequirements(makeCluster));
    },
  };
}
