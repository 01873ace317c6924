// Bundles every file of src/entries into the package's static folder and joins the icons into one sprite.
// Old phones are the measure: scripts are lowered to ES2017, colours written in OKLCH leave as plain hex.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { plainColours, themed } from "./tokens.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.env.BIHUAN_BUILD_DIR ?? join(here, "../src/bihuan/web/static/build");

/** Sends each stylesheet through the token rules before esbuild sees it. */
const tokens = {
  name: "tokens",
  setup(build) {
    build.onLoad({ filter: /src\/.*\.css$/ }, (args) => ({
      contents: plainColours(themed(readFileSync(args.path, "utf8"))),
      loader: "css",
    }));
  },
};

/** Joins src/icons/*.svg (24 × 24, stroke = currentColor) into one file of <symbol>s named by file. */
function sprite() {
  const folder = join(here, "src/icons");
  const symbols = readdirSync(folder)
    .filter((name) => name.endsWith(".svg"))
    .sort()
    .map((name) => {
      const inner = readFileSync(join(folder, name), "utf8").replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "");
      return `<symbol id="${basename(name, ".svg")}" viewBox="0 0 24 24">${inner.trim()}</symbol>`;
    });
  writeFileSync(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const entries = join(here, "src/entries");
await esbuild.build({
  entryPoints: readdirSync(entries).map((name) => join(entries, name)),
  outdir: out,
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  target: ["es2017", "chrome58", "safari14.1"],
  jsx: "automatic",
  jsxImportSource: "preact",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".png": "file", ".svg": "file" },
  assetNames: "[name]",
  legalComments: "linked",
  logLevel: "warning",
  plugins: [tokens],
});
sprite();
copyFileSync(join(here, "src/mark.svg"), join(out, "mark.svg"));
