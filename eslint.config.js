import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Specs, and what only they use. */
const SPECS = ['**/*.spec.ts', '**/test/**/*.ts'];
const LIBS = ['domain', 'contracts', 'messaging', 'postgres', 'runtime'].map((lib) => `lib:${lib}`);
const VENDORS = ['shopify', 'sparklayer', 'square'];

/** What each room may import, by tag; specs may import more. */
function moduleBoundaries({ specs }) {
  const may = (sourceTag, ...allowed) => ({
    sourceTag,
    onlyDependOnLibsWithTags: specs ? [...allowed, 'lib:testing'] : allowed,
  });
  const depConstraints = [
    may('lib:domain', 'lib:domain'),
    may('lib:contracts', 'lib:domain'),
    may('lib:runtime', 'lib:contracts', 'lib:domain'),
    // That messaging and postgres do together what a service needs is shown in specs alone.
    may(
      'lib:messaging',
      ...['lib:contracts', 'lib:domain', 'lib:runtime', ...(specs ? ['lib:postgres'] : [])],
    ),
    may('lib:postgres', 'lib:contracts', 'lib:domain', 'lib:runtime'),
    // Below the libs that are tested with it, so that there is no circle.
    may('lib:testing', 'tool:embedded'),
    may('tool:embedded'),
    may('tool:simulators'),
    may('tool:events', 'lib:contracts', 'lib:domain', ...(specs ? ['lib:messaging'] : [])),
    may('tool:day', 'tool:*', ...LIBS),
    may('tool:operator', 'tool:embedded', ...LIBS),
    may('tool:bench', 'tool:embedded', 'tool:simulators', ...LIBS),
    may('tool:chaos', 'tool:*', ...LIBS),
    may('tool:soak', 'tool:embedded', 'lib:domain'),
    may('app:e2e', 'tool:*', ...LIBS, 'lib:testing'),
    ...['orders', 'inventory', 'customers', 'payments', 'connector'].map((app) =>
      may(`app:${app}`, ...LIBS),
    ),
  ];
  return ['error', { allow: [], enforceBuildableLibDependency: false, depConstraints }];
}

const restrictedImports = (...patterns) => ['error', { patterns }];

export default tseslint.config(
  { ignores: ['**/dist/', '**/coverage/', '.nx/', '.tillbridge/', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        URL: 'readonly',
        console: 'readonly',
        globalThis: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'no-undef': 'off', // TypeScript knows better.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      // Every switch over a union names all of it; in an async handler the compiler does not ask.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false, allowDefaultCaseForExhaustiveSwitch: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70 }],
    },
  },
  {
    // Vendors' languages have kinds by the dozen that a simulator has no use for.
    files: ['tools/**/*.ts'],
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    rules: { '@nx/enforce-module-boundaries': moduleBoundaries({ specs: false }) },
  },
  {
    files: SPECS,
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@nx/enforce-module-boundaries': moduleBoundaries({ specs: true }),
    },
  },
  {
    files: ['**/{utils,util,helpers,helper,common,base,types,misc}.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'Program',
          message: 'This name names nothing: put the code where its noun lives.',
        },
      ],
    },
  },
  {
    // Pure: time, ids and chance come in as arguments.
    files: ['libs/domain/src/**/*.ts'],
    ignores: SPECS,
    rules: {
      'no-restricted-imports': restrictedImports({
        regex: '^(?!\\.{1,2}/)',
        message: 'libs/domain imports nothing but itself.',
      }),
      'no-restricted-globals': [
        'error',
        ...[
          'process',
          'fetch',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'queueMicrotask',
        ].concat(['performance', 'crypto', 'console', 'Buffer']),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time comes in as an argument.' },
        { object: 'Math', property: 'random', message: 'Chance comes in as an argument.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Time comes in as an argument.',
        },
      ],
    },
  },
  {
    // What the day must end in is computed by code that shares none with what is judged.
    files: ['tools/day/src/oracle/**/*.ts'],
    rules: {
      'no-restricted-imports': restrictedImports({
        regex: '^@tillbridge/(?!simulators)|/libs/',
        message: 'The oracle imports nothing from libs/.',
      }),
    },
  },
  VENDORS.map((vendor) => ({
    files: [`apps/connector/src/${vendor}/**/*.ts`],
    rules: {
      'no-restricted-imports': restrictedImports({
        regex: `(^|/)(${VENDORS.filter((other) => other !== vendor).join('|')})(/|$)`,
        message: 'A vendor knows nothing of another one.',
      }),
    },
  })),
  prettier,
);
