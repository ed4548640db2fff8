// Makes one file of a compiled service, in the folder it is called in: dist/main.js and all it imports.
// Node 20 opens a thousand files for Nest, TypeORM and validation one after the other; from one file a
// service that was killed is back in less than half the time.
import { writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const MAIN = 'dist/main.js';

/** What is not installed is optional to whoever asks for it, and stays a question at run time. */
const optionalPeers = {
  name: 'optional-peers',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === optionalPeers) return undefined;
      const found = await resolve(path, { ...from, pluginData: optionalPeers });
      const ours = path.startsWith('@tillbridge/');
      return found.errors.length > 0 && !ours ? { path, external: true } : found;
    });
  },
};

const { outputFiles } = await build({
  write: false,
  entryPoints: [MAIN],
  outfile: MAIN,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // Migrations and contracts are known by the names of their classes.
  keepNames: true,
  // Read with `node --enable-source-maps`, which costs 120 MB and half the start, so not by itself.
  sourcemap: 'linked',
  logLevel: 'warning',
  sourcesContent: false,
  plugins: [optionalPeers],
  banner: {
    js: "import { createRequire as toRequire } from 'node:module'; const require = toRequire(import.meta.url);",
  },
});

// It would name every function too, closures each time that they are made: a twenty-fifth of all work.
const ALL = 'var __name = (target, value) =>';
const CLASSES = 'var __name = (target) => target, __nameClass = (target, value) =>';
for (const { path, text } of outputFiles) {
  if (path.endsWith('.js') && !text.includes(ALL)) throw new Error(`${path} names nothing`);
  const named = text.replaceAll(' __name(this, ', ' __nameClass(this, ');
  await writeFile(path, named.replace(ALL, CLASSES));
}
