import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** One breach of a structure rule: which rule, where, and why the rule exists. */
export interface TidyFinding {
  readonly rule: 'import' | 'cycle' | 'length' | 'function-length' | 'token' | 'spec' | 'name' | 'injection';
  readonly file: string;
  readonly message: string;
}

const allowedLibraries: Readonly<Record<string, readonly string[]>> = {
  pricing: [],
  domain: [],
  'market-data': ['domain', 'pricing'],
  formats: ['domain', 'market-data', 'margin:types'],
  margin: ['domain', 'market-data', 'pricing'],
  buffer: ['domain', 'market-data', 'margin', 'pricing'],
  revaluation: ['domain', 'market-data', 'margin', 'pricing'],
  persistence: ['domain', 'market-data', 'margin', 'buffer', 'migrations'],
  'use-cases': ['pricing', 'domain', 'market-data', 'formats', 'margin', 'buffer', 'revaluation', 'persistence',
    'embedded-database'], // prettier-ignore
};

const allowedPackages: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  pricing: [],
  domain: ['decimal.js'],
  'market-data': ['decimal.js'],
  formats: ['csv-parse', 'csv-parse/sync', 'saxes', 'decimal.js', 'node:stream'],
  margin: ['decimal.js'],
  buffer: ['decimal.js'],
  revaluation: ['node:fs', 'node:path'],
  persistence: ['typeorm', 'pg', 'pg-copy-streams', /^@nestjs\//, /^node:/, 'reflect-metadata'],
  'use-cases': ['@nestjs/common', /^node:/, 'graphile-worker'],
};

const pureLibraries = ['pricing', 'domain', 'market-data', 'margin', 'buffer'];

const bannedInPureFloors: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\(/, 'the pure floors have no clock: take asOf as an argument'],
  [/\bnew Date\(\)/, 'the pure floors have no clock: take asOf as an argument'],
  [/\bMath\.random\(/, 'the pure floors have no randomness: take a seed as an argument'],
  [/\bMath\.(?:exp|expm1|log|log1p|log2|log10|pow|sin|cos|tan|atan2?|cbrt|sinh|cosh|tanh|hypot)\b/,
    'engines differ in their last bits: use the kernels of libs/pricing'],
  [/\bconsole\./, 'the pure floors do not log'],
  [/\bprocess\./, 'the pure floors know no process'],
  [/\basync\s|\bawait\s|\bPromise</, 'the pure floors do not wait'],
]; // prettier-ignore

const bannedEverywhere: readonly (readonly [RegExp, string])[] = [
  [/\bforwardRef\(/, 'a forward reference hides a circle'],
  [/\b(?:it|describe|test)\.only\(/, 'a focused test silences the others'],
  [/\bit\.skip\(|\bxit\(/, 'a skipped test proves nothing'],
  [/\bFIXME\b/, 'mend it or open an issue'],
  [/\bparseFloat\(/, 'parseFloat takes "12abc" as 12: parse strictly'],
];

const bannedNames = ['utils', 'util', 'common', 'helpers', 'helper', 'shared', 'manager', 'misc'];

function* sourceFiles(folder: string): Generator<string> {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!['node_modules', 'dist', 'kernel', 'tidy-fixture', 'generated'].includes(entry.name))
        yield* sourceFiles(full);
    } else if (entry.name.endsWith('.ts')) yield full;
  }
}

interface ParsedFile {
  readonly file: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
  readonly library: string | undefined;
  readonly isTest: boolean;
  readonly imports: readonly { readonly target: string; readonly typeOnly: boolean }[];
}

function parse(root: string, full: string): ParsedFile {
  const file = path.relative(root, full).split(path.sep).join('/');
  const text = readFileSync(full, 'utf8');
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const imports: { target: string; typeOnly: boolean }[] = [];
  for (const statement of tree.statements) {
    const named = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement) ? statement : undefined;
    if (named?.moduleSpecifier === undefined || !ts.isStringLiteral(named.moduleSpecifier)) continue;
    const typeOnly = ts.isImportDeclaration(named) ? (named.importClause?.isTypeOnly ?? false) : named.isTypeOnly;
    imports.push({ target: named.moduleSpecifier.text, typeOnly });
  }
  const library = /^libs\/([^/]+)\/src\//.exec(file)?.[1];
  return {
    file,
    text,
    tree,
    library,
    isTest: /\.(spec|e2e-spec)\.ts$/.test(file) || file.startsWith('test/'),
    imports,
  };
}

function importFindings(parsed: ParsedFile): TidyFinding[] {
  const { library, file } = parsed;
  if (library === undefined || parsed.isTest) return [];
  const finding = (message: string): TidyFinding => ({ rule: 'import', file, message });
  return parsed.imports.flatMap(({ target, typeOnly }) => {
    if (target.startsWith('.')) {
      const reached = path.posix.normalize(path.posix.join(path.posix.dirname(file), target));
      if (reached.startsWith(`libs/${library}/`)) return [];
      return [finding(`${target} leaves the library: import another library by its alias`)];
    }
    const alias = /^@ballast\/([^/]+)$/.exec(target)?.[1];
    if (alias !== undefined) {
      const allowed = allowedLibraries[library] ?? [];
      if (allowed.includes(alias) || (typeOnly && allowed.includes(`${alias}:types`))) return [];
      return [finding(`${library} may not import ${alias}: ARCHITECTURE.md, who may import whom`)];
    }
    const packages = allowedPackages[library] ?? [];
    const known = packages.some((entry) => (typeof entry === 'string' ? entry === target : entry.test(target)));
    return known ? [] : [finding(`${library} may not import the package ${target}`)];
  });
}

function tokenFindings(parsed: ParsedFile): TidyFinding[] {
  const pure = parsed.library !== undefined && pureLibraries.includes(parsed.library) && !parsed.isTest;
  const withoutComments = stripComments(parsed.text);
  const rules = [...bannedEverywhere, ...(pure ? bannedInPureFloors : [])];
  return rules
    .filter(([pattern]) => pattern.test(withoutComments))
    .map(([pattern, why]) => ({ rule: 'token', file: parsed.file, message: `${pattern.source}: ${why}` }));
}

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<=^|[\s;{}()])\/\/.*$/gm, '');
}

function sizeFindings(parsed: ParsedFile): TidyFinding[] {
  const findings: TidyFinding[] = [];
  const lines = parsed.text.split('\n').length - 1;
  const pure = parsed.library !== undefined && pureLibraries.includes(parsed.library) && !parsed.isTest;
  const cap = pure ? 250 : 400;
  if (lines > cap)
    findings.push({ rule: 'length', file: parsed.file, message: `${lines} lines, cap ${cap}: two ideas in one file?` });
  const visit = (node: ts.Node): void => {
    if (!parsed.isTest && ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const from = parsed.tree.getLineAndCharacterOfPosition(node.getStart()).line;
      const to = parsed.tree.getLineAndCharacterOfPosition(node.getEnd()).line;
      const name = node.name?.getText() ?? 'anonymous';
      const message = `${name} has ${to - from + 1} lines, cap 70: it does not fit a screen`;
      if (to - from + 1 > 70) findings.push({ rule: 'function-length', file: parsed.file, message });
    }
    if (ts.isConstructorDeclaration(node) && !parsed.isTest && node.parameters.length > 5) {
      const message = `${node.parameters.length} injected collaborators, cap 5: the class knows too much`;
      findings.push({ rule: 'injection', file: parsed.file, message });
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed.tree);
  return findings;
}

function nameFindings(parsed: ParsedFile): TidyFinding[] {
  const words = parsed.file.replace(/\.[a-z0-9-.]+$/, '').split('/');
  const banned = words.filter((word) => bannedNames.includes(word));
  const findings: TidyFinding[] = banned.map((word) => ({
    rule: 'name',
    file: parsed.file,
    message: `"${word}" says nothing`,
  }));
  const base = path.posix.basename(parsed.file);
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*\.ts$/.test(base) && !/^\d+-[a-z0-9-]+\.ts$/.test(base)) {
    findings.push({ rule: 'name', file: parsed.file, message: 'file names are kebab-case' });
  }
  return findings;
}

/** A file of types and interfaces only has nothing to run, so it needs no spec. */
function holdsCode(parsed: ParsedFile): boolean {
  return parsed.tree.statements.some(
    (statement) =>
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      (ts.isVariableStatement(statement) && /=>|function|\(/.test(statement.getText())),
  );
}

function specFindings(files: readonly ParsedFile[]): TidyFinding[] {
  const names = new Set(files.map((parsed) => parsed.file));
  return files
    .filter((parsed) => parsed.library !== undefined && pureLibraries.includes(parsed.library) && !parsed.isTest)
    .filter((parsed) => path.posix.basename(parsed.file) !== 'index.ts' && holdsCode(parsed))
    .filter((parsed) => !names.has(parsed.file.replace(/\.ts$/, '.spec.ts')))
    .map((parsed) => ({ rule: 'spec', file: parsed.file, message: 'a pure file has its spec beside it' }));
}

/** Imports of types count: what can only be read together is one idea in two files, or a type in the wrong one. */
function cycleFindings(files: readonly ParsedFile[]): TidyFinding[] {
  const known = new Map(files.map((parsed) => [parsed.file, parsed]));
  const edges = (parsed: ParsedFile): string[] =>
    parsed.imports.flatMap(({ target }) => {
      if (!target.startsWith('.')) return [];
      const base = path.posix.normalize(path.posix.join(path.posix.dirname(parsed.file), target));
      return [`${base}.ts`, `${base}/index.ts`].filter((candidate) => known.has(candidate));
    });
  const state = new Map<string, 'open' | 'done'>();
  const findings: TidyFinding[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      const circle = [...trail.slice(trail.indexOf(file)), file].join(' → ');
      findings.push({ rule: 'cycle', file, message: circle });
      return;
    }
    state.set(file, 'open');
    const parsed = known.get(file);
    if (parsed !== undefined) for (const next of edges(parsed)) visit(next, [...trail, file]);
    state.set(file, 'done');
  };
  for (const parsed of files) visit(parsed.file, []);
  return findings;
}

/** Holds a tree of sources against the structure rules of ARCHITECTURE.md and returns every breach. */
export function findBreaches(root: string): TidyFinding[] {
  const folders = ['apps', 'libs', 'migrations', 'test'];
  const files = folders.flatMap((folder) => [...sourceFiles(path.join(root, folder))]).map((full) => parse(root, full));
  return [
    ...files.flatMap((parsed) => [
      ...importFindings(parsed),
      ...tokenFindings(parsed),
      ...sizeFindings(parsed),
      ...nameFindings(parsed),
    ]),
    ...specFindings(files),
    ...cycleFindings(files),
  ];
}
