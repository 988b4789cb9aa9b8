/**
 * The workflow of a student's repository in Classroom 50. It calls the workflow in the `classroom50`
 * repository of the course, which grades with the files of `deno task autograder`.
 * `gh student accept` writes a similar one.
 *
 * @module
 */

/** Returns the workflow.
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
