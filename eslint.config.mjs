import tseslint from 'typescript-eslint';

const libraries = [
  'pricing',
  'domain',
  'market-data',
  'formats',
  'margin',
  'buffer',
  'revaluation',
  'persistence',
  'use-cases',
];
const mayImport = {
  pricing: [],
  domain: [],
  'market-data': ['domain', 'pricing'],
  formats: ['domain', 'market-data', 'margin'], // margin: types only, which test/tidy.spec.ts holds
  margin: ['domain', 'market-data', 'pricing'],
  buffer: ['domain', 'market-data', 'margin', 'pricing'],
  revaluation: ['domain', 'market-data', 'margin', 'pricing'],
  persistence: ['domain', 'market-data', 'margin', 'buffer'],
  'use-cases': ['pricing', 'domain', 'market-data', 'formats', 'margin', 'buffer', 'revaluation', 'persistence'],
};
const pure = ['pricing', 'domain', 'market-data', 'margin', 'buffer'];
const impurePackages = ['node:*', '@nestjs/*', 'typeorm', 'pg', 'fastify', 'graphql', 'rxjs', 'fs', 'path'];

const importRule = (forbidden) => ({
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        { group: ['@ballast/*/*', '**/libs/*/src/**'], message: 'Import a library by its alias, not its inside.' },
        ...(forbidden.length
          ? [{ group: forbidden, message: 'ARCHITECTURE.md: a part imports lower floors only.' }]
          : []),
      ],
    },
  ],
});

const libraryRules = libraries.map((library) => ({
  files: [`libs/${library}/src/**/*.ts`],
  ignores: ['**/*.spec.ts'],
  rules: importRule([
    ...libraries.filter((other) => !mayImport[library].includes(other)).map((other) => `@ballast/${other}`),
    ...(pure.includes(library) ? impurePackages : []),
    ...(library === 'pricing' ? ['decimal.js'] : []),
  ]),
}));

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'node_modules/**',
      '.ballast/**',
      '**/kernel/assembly/**',
      'test/tidy-fixture/**',
      'examples/**/generated/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['apps/**/*.ts', 'migrations/**/*.ts', 'test/**/*.ts'], rules: importRule([]) },
  ...libraryRules,
  { files: ['**/*.cjs', '**/*.mjs', '**/*.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
