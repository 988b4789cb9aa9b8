/**
 * The workflow that hands a student's repository to Classroom 50, whose own workflow, in
 * the `classroom50` repository of the organization, grades it with what
 * `deno task autograder` made. `gh student accept` writes one like it.
 *
 * @module
 */

/** Makes the workflow.
 *
 * @param organization The organization on GitHub.
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
