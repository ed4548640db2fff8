import {
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isUnionType,
  Kind,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLNamedType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
  ValueNode,
} from 'graphql';

const MUTATION_COST = 10;
const CONNECTION_COST = 2;

type Variables = Readonly<Record<string, unknown>>;

/**
 * What the platform asks for an operation before running it.
 *
 * An entity costs 1; money, attributes and other values without an id cost nothing; a mutation
 * costs 10. The published rule says that a connection costs its size times its content, but
 * measured costs (Microsoft publishes those of its connector) grow with the logarithm of the size
 * instead: 10 lines at 10 points each are 43 points, 3 lines are 23, 20 staff members are 7.
 */
export function requestedCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  return new CostReader(schema, document, variables).ofOperation(operation, undefined);
}

/** The same with the sizes that the answer really had. */
export function actualCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
  data: unknown,
): number {
  return new CostReader(schema, document, variables).ofOperation(operation, data);
}

class CostReader {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Variables,
  ) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.fragments.set(definition.name.value, definition);
      }
    }
  }

  /** `data` undefined: as requested. */
  ofOperation(operation: OperationDefinitionNode, data: unknown): number {
    if (operation.operation === 'mutation') {
      return MUTATION_COST * operation.selectionSet.selections.length;
    }
    const root = this.schema.getRootType(operation.operation);
    return root == null ? 0 : this.ofSelection(operation.selectionSet, root, data);
  }

  private ofSelection(set: SelectionSetNode, type: GraphQLNamedType, data: unknown): number {
    let cost = 0;
    // Only one of the typed fragments can apply, so the dearest counts.
    let dearest = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        cost += this.ofField(selection, type, data);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : this.fragments.get(selection.name.value);
      if (fragment === undefined) continue;
      const condition = fragment.typeCondition?.name.value ?? type.name;
      const inner = this.schema.getType(condition);
      if (inner === undefined) continue;
      const fragmentCost = this.ofSelection(fragment.selectionSet, inner, data);
      if (condition === type.name) cost += fragmentCost;
      else dearest = Math.max(dearest, fragmentCost);
    }
    return cost + dearest;
  }

  private ofField(field: FieldNode, parent: GraphQLNamedType, data: unknown): number {
    const type = this.fieldType(field, parent);
    if (type === null || isLeafType(type) || field.selectionSet === undefined) return 0;
    const value = readValue(data, field);
    if (value === null) return 0;
    if (type.name.endsWith('Connection')) return this.ofConnection(field, type, value);
    const own = isEntity(type) ? 1 : 0;
    if (Array.isArray(value)) {
      const set = field.selectionSet;
      return sum(value.map((item) => (item == null ? 0 : own + this.ofSelection(set, type, item))));
    }
    const each = own + this.ofSelection(field.selectionSet, type, value);
    return each * this.requestedCount(field);
  }

  private ofConnection(field: FieldNode, type: GraphQLNamedType, value: unknown): number {
    const requested = Number(this.argument(field, 'first') ?? this.argument(field, 'last') ?? 0);
    let cost = CONNECTION_COST;
    for (const selection of field.selectionSet?.selections ?? []) {
      if (selection.kind !== Kind.FIELD) continue;
      if (selection.name.value !== 'edges' && selection.name.value !== 'nodes') continue;
      const inner = this.fieldType(selection, type);
      if (inner === null || selection.selectionSet === undefined) continue;
      const items = readValue(value, selection);
      const own = isEntity(inner) ? 1 : 0;
      const ofItem = (item: unknown) =>
        own + this.ofSelection(selection.selectionSet as SelectionSetNode, inner, item);
      cost += Array.isArray(items)
        ? Math.round(sizeFactor(items.length) * mean(items.map(ofItem)))
        : sizeFactor(requested) * ofItem(undefined);
    }
    return cost;
  }

  /** A list that is no connection is as long as its ids; others count once. */
  private requestedCount(field: FieldNode): number {
    const ids = this.argument(field, 'ids');
    return Array.isArray(ids) ? ids.length : 1;
  }

  private argument(field: FieldNode, name: string): unknown {
    const node = field.arguments?.find((argument) => argument.name.value === name)?.value;
    return node === undefined ? undefined : this.literal(node);
  }

  private literal(node: ValueNode): unknown {
    switch (node.kind) {
      case Kind.VARIABLE:
        return this.variables[node.name.value];
      case Kind.INT:
        return Number(node.value);
      case Kind.LIST:
        return node.values.map((value) => this.literal(value));
      default:
        return undefined;
    }
  }

  private fieldType(field: FieldNode, parent: GraphQLNamedType): GraphQLNamedType | null {
    if (!isObjectType(parent) && !isInterfaceType(parent)) return null;
    const definition = parent.getFields()[field.name.value];
    return definition === undefined ? null : getNamedType(definition.type);
  }
}

function sizeFactor(size: number): number {
  return size === 0 ? 0 : Math.max(1, Math.floor(2 * Math.log(size)));
}

/** Edges and payloads only carry what is in them. */
function isEntity(type: GraphQLNamedType): boolean {
  if (isUnionType(type) || type.name === 'Node') return true;
  if (!isObjectType(type) && !isInterfaceType(type)) return false;
  return type.getInterfaces().some((each) => each.name === 'Node');
}

/** Undefined while nothing is known of the answer. */
function readValue(data: unknown, field: FieldNode): unknown {
  if (data === undefined) return undefined;
  const key = field.alias?.value ?? field.name.value;
  return (data as Record<string, unknown> | null)?.[key] ?? null;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : sum(numbers) / numbers.length;
}
