import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** What a contract class says only in its source: the words, and what is optional. */
export interface ClassSource {
  readonly meaning: string;
  /** Name of the class it extends. */
  readonly parent?: string;
  readonly fields: ReadonlyMap<string, FieldSource>;
}

export interface FieldSource {
  readonly meaning: string;
  readonly mayBeMissing: boolean;
  readonly mayBeNull: boolean;
}

/** Every class in the TypeScript files of a folder, by its name. */
export function readSources(folder: string): Map<string, ClassSource> {
  const sources = new Map<string, ClassSource>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.spec.ts')) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
    for (const statement of parsed.statements) {
      if (!ts.isClassDeclaration(statement) || statement.name === undefined) continue;
      sources.set(statement.name.text, classSource(statement));
    }
  }
  return sources;
}

function classSource(declaration: ts.ClassDeclaration): ClassSource {
  const extended = declaration.heritageClauses?.[0]?.types[0]?.expression.getText();
  const fields = new Map<string, FieldSource>();
  for (const member of declaration.members) {
    if (ts.isPropertyDeclaration(member)) fields.set(member.name.getText(), fieldSource(member));
  }
  return { meaning: meaningOf(declaration), ...(extended && { parent: extended }), fields };
}

function fieldSource(member: ts.PropertyDeclaration): FieldSource {
  const kinds = member.type && ts.isUnionTypeNode(member.type) ? member.type.types : [];
  return {
    meaning: meaningOf(member),
    mayBeMissing: member.questionToken !== undefined,
    mayBeNull: kinds.some((kind) => kind.getText() === 'null'),
  };
}

function meaningOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
