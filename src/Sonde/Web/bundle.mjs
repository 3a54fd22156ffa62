// Bundles the browser's part into the folder given as the argument: names with the hash of their content, a .br and a .gz beside
// each, and manifest.txt that maps each entry to its name. The folder is emptied first, so that no old file is embedded.
import { build } from "esbuild";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const folder = process.argv[2];
if (!folder) {
  throw new Error("usage: node bundle.mjs FOLDER");
}
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const result = await build({
  entryPoints: {
    app: "Web/app.ts",
    "live-worker": "Charts/live-worker.ts",
    site: "Web/site.css",
    icon: "Web/icon.svg",
  },
  loader: { ".svg": "copy" },
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  outdir: folder,
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  assetNames: "[name]-[hash]",
});

const entries = [];
for (const [file, output] of Object.entries(result.metafile.outputs)) {
  const name = path.basename(file);
  const bytes = readFileSync(file);
  writeFileSync(path.join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  writeFileSync(path.join(folder, `${name}.br`), brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }));
  if (output.entryPoint) {
    entries.push(`${path.basename(output.entryPoint)} ${name}`);
  }
}
writeFileSync(path.join(folder, "manifest.txt"), `${entries.sort().join("\n")}\n`);
