// Writes crates/web/dist: one style sheet and our pictures. Nothing else of
// nhsuk-frontend is served: the pages need no script and no font file.
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const dist = join(here, "../dist");

const { css } = compile(join(here, "lanyard.scss"), {
  loadPaths: [join(root, "node_modules")],
  style: "compressed",
  quietDeps: true,
});
if (/@font-face|@import|url\(["']?(https?:)?\/\//.test(css)) {
  throw new Error("the style sheet would load something from another host");
}

mkdirSync(dist, { recursive: true });
const pictures = readdirSync(here).filter((name) => /\.(svg|png)$/.test(name));
const names = ["lanyard.css", ...pictures];
for (const name of readdirSync(dist)) {
  if (!names.includes(name)) rmSync(join(dist, name));
}
for (const name of pictures) copyFileSync(join(here, name), join(dist, name));
writeFileSync(join(dist, "lanyard.css"), `${css}\n`);
console.log(`crates/web/dist: ${names.join(", ")}`);
