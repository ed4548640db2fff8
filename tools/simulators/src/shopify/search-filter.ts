import { GraphQLError } from 'graphql';

/** How a searchable field is read from a record, and what kind of comparison it knows. */
export type SearchField<R> =
  | { readonly kind: 'time'; read(record: R): number }
  | { readonly kind: 'number'; read(record: R): number }
  | { readonly kind: 'text'; read(record: R): readonly (string | null)[] }
  | { readonly kind: 'choice'; readonly of: Readonly<Record<string, (record: R) => boolean>> };

export type SearchFields<R> = Readonly<Record<string, SearchField<R>>>;

interface Term {
  readonly negated: boolean;
  readonly field: string;
  readonly comparator: '' | '>' | '>=' | '<' | '<=';
  readonly value: string;
}

/**
 * Understands the platform's search syntax as far as terms, comparators, AND, OR and '-'.
 *
 * The platform ignores a field it does not know and says so only in a warning; here it is an
 * error, because a filter that is silently ignored is the mistake a simulator must show.
 */
export function toFilter<R>(
  query: string | null | undefined,
  fields: SearchFields<R>,
): (record: R) => boolean {
  if (query == null || query.trim() === '') return () => true;
  const alternatives = query.split(/\s+OR\s+/).map((part) =>
    readTerms(part).map((term) => {
      const test = toTest(term, fields);
      return term.negated ? (record: R) => !test(record) : test;
    }),
  );
  return (record) => alternatives.some((tests) => tests.every((test) => test(record)));
}

const TERM = /(-?)([a-z_]+):(>=|<=|>|<|)(?:'([^']*)'|"([^"]*)"|([^\s'"()]+))/gy;

function readTerms(text: string): Term[] {
  const terms: Term[] = [];
  const pattern = new RegExp(TERM);
  let rest = text.trim();
  while (rest !== '') {
    pattern.lastIndex = 0;
    const match = pattern.exec(rest);
    if (match === null) throw unsearchable(`cannot read the search query at '${rest}'`);
    terms.push({
      negated: match[1] === '-',
      field: match[2] ?? '',
      comparator: (match[3] ?? '') as Term['comparator'],
      value: match[4] ?? match[5] ?? match[6] ?? '',
    });
    rest = rest
      .slice(match[0].length)
      .trim()
      .replace(/^AND\s+/, '');
  }
  return terms;
}

function toTest<R>(term: Term, fields: SearchFields<R>): (record: R) => boolean {
  const field = fields[term.field];
  if (field === undefined) throw unsearchable(`there is no search field '${term.field}'`);
  switch (field.kind) {
    case 'time':
      return compareWith(term, toTime(term.value), field.read);
    case 'number':
      return compareWith(term, toNumber(term.value), field.read);
    case 'text':
      return (record) =>
        field.read(record).some((text) => text?.toLowerCase() === term.value.toLowerCase());
    case 'choice': {
      const test = field.of[term.value.toLowerCase()];
      if (test === undefined) throw unsearchable(`${term.field} is never '${term.value}'`);
      return test;
    }
  }
}

function compareWith<R>(term: Term, than: number, read: (record: R) => number) {
  switch (term.comparator) {
    case '>':
      return (record: R) => read(record) > than;
    case '>=':
      return (record: R) => read(record) >= than;
    case '<':
      return (record: R) => read(record) < than;
    case '<=':
      return (record: R) => read(record) <= than;
    case '':
      return (record: R) => read(record) === than;
  }
}

/** Times are kept to the second, as they are shown. */
function toTime(text: string): number {
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw unsearchable(`'${text}' is no time`);
  return Math.floor(atMs / 1000);
}

function toNumber(text: string): number {
  const number = Number(text.replace(/^gid:\/\/shopify\/[A-Za-z]+\//, ''));
  if (Number.isNaN(number)) throw unsearchable(`'${text}' is no number`);
  return number;
}

function unsearchable(message: string): GraphQLError {
  return new GraphQLError(`Invalid search: ${message}`, { extensions: { code: 'BAD_REQUEST' } });
}
