/**
 * The workflows that grade a student's repository in GitHub Classroom and in Classroom 50.
 *
 * @module
 */

import { CommandError } from "../cli/mod.ts";
import type { Rubric } from "../grader/result/rubric.ts";

/** The time limit of a test. The lab ends a test that hangs long before. */
const TIMEOUT_MINUTES = 3;

/** Returns the workflow of GitHub Classroom. It has one step per test, because the reporter adds up the
 * points of steps.
 *
 * @throws {CommandError} The rubric gives points for requirements, which have no steps.
 */
export function classroomWorkflow(rubric: Rubric): string {
  const [requirement] = Object.keys(rubric.requirements ?? {});
  if (requirement !== undefined) {
    throw new CommandError(
      `Cannot write the workflow for GitHub Classroom: the rubric gives points for ` +
        `"${requirement}", and its steps are tests; use --classroom50=ORG, or take them out`,
    );
  }
  const points = Object.assign({}, ...rubric.parts.map(({ tests }) => tests));
  const steps = Object.entries<number>(points).map(([test, maxScore]) => ({
    test,
    id: test.toLowerCase(),
    maxScore,
  }));
  return [
    `name: Autograding Tests
on: [push, workflow_dispatch, repository_dispatch]
permissions:
  checks: write
  actions: read
  contents: read
jobs:
  run-autograding-tests:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    if: github.actor != 'github-classroom[bot]'
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
      - uses: denoland/setup-deno@667a34cdef165d8d2b2e98dde39547c9daac7282 # v2.0.4
        with:
          deno-version: v2.9.6`,
    ...steps.map(({ test, id, maxScore }) =>
      `      - name: ${test}
        id: ${id}
        uses: classroom-resources/autograding-command-grader@v1
        with:
          test-name: ${test}
          setup-command: ""
          command: deno test --no-prompt test_test.ts --filter "${test}:"
          timeout: ${TIMEOUT_MINUTES}
          max-score: ${maxScore}`
    ),
    `      - name: Report
        uses: classroom-resources/autograding-grading-reporter@v1
        env:`,
    ...steps.map(({ id }) =>
      `          ${id.toUpperCase()}_RESULTS: "\${{steps.${id}.outputs.result}}"`
    ),
    `        with:
          runners: ${steps.map(({ id }) => id).join(",")}`,
    "",
  ].join("\n");
}

/** Returns the workflow of Classroom 50. It calls the workflow in the `classroom50` repository of the
 * course, which grades with the files of `deno task autograder`. `gh student accept` writes a similar
 * one.
 *
 * @param organization The organization of the course on GitHub.
 */
export function classroom50Workflow(organization: string): string {
  return `name: Autograde
on:
  push:
    branches: [main]
    tags: ["submit/*"]
jobs:
  grade:
    uses: ${organization}/classroom50/.github/workflows/autograde-runner.yaml@main
    permissions:
      contents: write
      statuses: write
      pull-requests: write
`;
}
