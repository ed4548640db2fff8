import { FACT_KINDS, ORDER_TABLE, TABLE_STATES, type TableState } from '@tillbridge/domain';

/** The page that tells what each fact does to an order in each state, made from the rules. */
export function orderStatesPage(): string {
  const states = Object.entries(TABLE_STATES).map(([state, is]) => [`\`${state}\``, is]);
  const facts = Object.entries(FACT_KINDS).map(([kind, tells]) => [`\`${kind}\``, tells]);
  return [
    INTRODUCTION,
    '## States',
    table(['state', 'the order is'], states),
    '## Facts',
    table(['fact', 'tells'], facts),
    ...Object.keys(TABLE_STATES).map((state) => stateSection(state as TableState)),
  ].join('\n\n');
}

const INTRODUCTION = `# States of an order

Made from the rules in \`libs/domain/src/orders\` by \`npm run events\`; a test compares. Every kind of fact
has a line in every state.

- Facts are merged, and the state is read from all that is known: the same facts in another order end in the
  same state. So a fact that comes late may lead far, to where those before it had already pointed.
- \`stays\` means that the fact is kept and the state is the same. Any fact may leave the state as it is; the
  states named are those that it may lead to.
- A fact that contradicts what is known is refused: it moves nothing, the exception named is raised, and it
  clears itself when a later fact explains the earlier one.`;

function stateSection(state: TableState): string {
  const rows = Object.entries(ORDER_TABLE).map(([kind, pairs]) => {
    const { to, refuses } = pairs[state];
    return [`\`${kind}\``, codes(to) || 'stays', codes(refuses)];
  });
  return [`## In \`${state}\``, table(['fact', 'may lead to', 'refused as'], rows)].join('\n\n');
}

function codes(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
