// Bundles what browsers load into static/fuxiao: one script, one style sheet, htmx, and a sprite of the icons in use.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..", "..", "..");
const modules = join(root, "node_modules");
const out = join(here, "..", "static", "fuxiao");

const names = (await readFile(join(here, "icons.txt"), "utf8")).split(/\s+/).filter(Boolean);

async function symbol(name) {
  const text = await readFile(join(modules, "@tabler", "icons", "icons", "outline", `${name}.svg`), "utf8");
  const inner = text.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s+/g, " ").trim()}</symbol>`;
}

await mkdir(out, { recursive: true });
await build({
  entryPoints: { app: join(here, "js", "app.js"), style: join(here, "css", "style.css") },
  outdir: out, bundle: true, minify: true, format: "esm", target: ["chrome99", "firefox97", "safari15.4"],
  loader: { ".svg": "dataurl" }, logLevel: "warning", legalComments: "none",
});
await copyFile(join(modules, "htmx.org", "dist", "htmx.min.js"), join(out, "htmx.js"));
await copyFile(join(here, "mark.svg"), join(out, "mark.svg"));
const symbols = await Promise.all(names.map(symbol));
await writeFile(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
