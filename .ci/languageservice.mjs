// Runs the validator of GitHub's own editor extension: node languageservice.mjs TOOLS FILE…
// It knows actions and workflows by their names, and the newest keys of both.
import { readFileSync } from "node:fs";
import { createRequire, register } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

// It imports JSON without saying so, as bundlers take it and Node does not.
const hook = `import { readFile } from "node:fs/promises";
export async function load(url, context, next) {
  if (!url.endsWith(".json")) return next(url, context);
  const source = "export default " + (await readFile(new URL(url), "utf8"));
  return { format: "module", shortCircuit: true, source };
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

const [tools, ...files] = process.argv.slice(2);
const at = createRequire(pathToFileURL(resolve(tools, "package.json")));
const load = (name) => import(pathToFileURL(at.resolve(name)));
const { validate } = await import(
  pathToFileURL(resolve(tools, "node_modules/@actions/languageservice/dist/index.js"))
);
const { TextDocument } = await load("vscode-languageserver-textdocument");

for (const file of files) {
  const text = readFileSync(file, "utf8");
  const document = TextDocument.create(pathToFileURL(file).href, "yaml", 0, text);
  for (const { range, message } of await validate(document, {})) {
    console.error(`${file}:${range.start.line + 1}: ${message}`);
    process.exitCode = 1;
  }
}
