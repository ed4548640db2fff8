import swc from '@swc/jest';

/**
 * `@swc/jest`, with a bug planted into one source before it is compiled. jest.preset.js takes it
 * instead of the plain one when TILLBRIDGE_PLANTED_BUG holds a bug as JSON: `file` (a path),
 * `find` and `replacement`.
 */
export default {
  createTransformer(options) {
    const plain = swc.createTransformer(options);
    const bug = JSON.parse(process.env.TILLBRIDGE_PLANTED_BUG);
    const planted = (source, path) => (path === bug.file ? plant(source, bug) : source);
    return {
      ...plain,
      process: (source, path, jest) => plain.process(planted(source, path), path, jest),
      processAsync: (source, path, jest) => plain.processAsync(planted(source, path), path, jest),
      // Of the source as it is compiled, so that neither run reads what the other one cached.
      getCacheKey: (source, path, jest) => plain.getCacheKey(planted(source, path), path, jest),
    };
  },
};

function plant(source, { file, find, replacement }) {
  const [before, after, ...more] = source.split(find);
  if (after === undefined || more.length > 0) {
    throw new Error(`The text to replace is not exactly once in ${file}: ${find}`);
  }
  return `${before}${replacement}${after}`;
}
