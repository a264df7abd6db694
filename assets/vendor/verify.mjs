// Says whether the checked-in files are the ones the manifest was written for; needs nothing but Node.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const { files } = JSON.parse(readFileSync(join(here, "manifest.json"), "utf8"));

const wrong = files.filter(({ file, sha256 }) => {
  const found = createHash("sha256").update(readFileSync(join(here, file))).digest("hex");
  return found !== sha256;
});

for (const { file } of wrong) console.error(`${file} is not the file in the manifest`);
if (wrong.length === 0) console.log(`${files.length} files are as the manifest says`);
process.exitCode = wrong.length === 0 ? 0 : 1;
