import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/** How large one operation may be. Ours need a tenth of it; a query that was made to hurt needs far more. */
export const operationLimits = {
  /** Characters of the query's text. */
  textLengthMax: 20_000,
  /** Lexical tokens of the query's text. */
  tokensMax: 4_000,
  /** Fields within fields. */
  depthMax: 16,
  /** Fields at the top, aliases included: a request is one call, or a few that belong together. */
  rootFieldsMax: 10,
  /** Fields altogether, aliases included, with every fragment counted where it is spread. */
  fieldsMax: 1_000,
} as const;

interface Size {
  depth: number;
  fields: number;
}

/** A validation rule that refuses operations beyond `operationLimits` before anything is compiled or run. */
export const withinLimits: ValidationRule = (context: ValidationContext): ASTVisitor => {
  // Each fragment is measured once, so fragments that spread each other many times over cost nothing to refuse.
  const fragments = new Map<string, Size | 'measuring'>();
  const ofFragment = (name: string): Size => {
    const known = fragments.get(name);
    // A circle is refused by a rule of GraphQL's own; here it only has to end.
    if (known) return known === 'measuring' ? { depth: 0, fields: 0 } : known;
    const definition = context.getFragment(name);
    if (!definition) return { depth: 0, fields: 0 };
    fragments.set(name, 'measuring');
    const size = measure(definition.selectionSet);
    fragments.set(name, size);
    return size;
  };
  const measure = (selections: SelectionSetNode): Size => {
    const total: Size = { depth: 0, fields: 0 };
    for (const selection of selections.selections) {
      let size: Size;
      if (selection.kind === Kind.FRAGMENT_SPREAD) size = ofFragment(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) size = measure(selection.selectionSet);
      else size = nested(selection.selectionSet ? measure(selection.selectionSet) : { depth: 0, fields: 0 });
      total.depth = Math.max(total.depth, size.depth);
      total.fields += size.fields;
    }
    return total;
  };
  return {
    // Compiled operations are kept by their text alone, so a text must not mean two things.
    Document(document) {
      const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
      if (operations.length > 1) context.reportError(new GraphQLError('A request takes one operation, not several.'));
    },
    OperationDefinition(operation) {
      const { depth, fields } = measure(operation.selectionSet);
      const refuse = (what: string, is: number, max: number) => {
        if (is > max)
          context.reportError(new GraphQLError(`The operation has ${what} ${is}; at most ${max} is allowed.`));
      };
      refuse('depth', depth, operationLimits.depthMax);
      refuse('root fields:', countRootFields(operation.selectionSet, context), operationLimits.rootFieldsMax);
      refuse('fields:', fields, operationLimits.fieldsMax);
    },
  };
};

const nested = (inner: Size): Size => ({ depth: inner.depth + 1, fields: inner.fields + 1 });

function countRootFields(selections: SelectionSetNode, context: ValidationContext, seen = new Set<string>()): number {
  let count = 0;
  for (const selection of selections.selections) {
    if (selection.kind === Kind.FIELD) count += 1;
    else if (selection.kind === Kind.INLINE_FRAGMENT) count += countRootFields(selection.selectionSet, context, seen);
    else if (!seen.has(selection.name.value)) {
      seen.add(selection.name.value);
      const fragment = context.getFragment(selection.name.value);
      if (fragment) count += countRootFields(fragment.selectionSet, context, seen);
    }
  }
  return count;
}
