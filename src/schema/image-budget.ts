import { type GraphQLResolveInfo, type SelectionSetNode, type ValueNode, valueFromASTUntyped } from 'graphql';
import { badInput } from '../gateway/input-errors.ts';

/**
 * Counts what all the `generateImage` fields of an operation order together. Each of them looks at the whole operation,
 * so that none is paid for when a later one would go over.
 * @throws GraphQLError `BAD_USER_INPUT`
 */
export function checkImageBudget(info: GraphQLResolveInfo, most: number): void {
  const ordered = countIn(info.operation.selectionSet, info);
  if (ordered <= most) return;
  throw badInput('input.count', `${ordered} pictures over the whole operation, expected at most ${most}`);
}

function countIn({ selections }: SelectionSetNode, info: GraphQLResolveInfo): number {
  return selections
    .map((selection) => {
      if (isLeftOut(selection.directives, info)) return 0;
      if (selection.kind === 'InlineFragment') return countIn(selection.selectionSet, info);
      if (selection.kind === 'FragmentSpread') {
        const fragment = info.fragments[selection.name.value];
        return fragment ? countIn(fragment.selectionSet, info) : 0;
      }
      if (selection.name.value !== info.fieldName) return 0;
      const input = selection.arguments?.find(({ name }) => name.value === 'input');
      const { count } = (input ? readValue(input.value, info) : {}) as { count?: number | null };
      return count ?? 1;
    })
    .reduce((sum, count) => sum + count, 0);
}

/** By `@skip` or `@include`. */
function isLeftOut(
  directives: SelectionSetNode['selections'][number]['directives'],
  info: GraphQLResolveInfo,
): boolean {
  return (directives ?? []).some(({ name, arguments: given }) => {
    const condition = given?.[0] && readValue(given[0].value, info);
    return (name.value === 'skip' && condition === true) || (name.value === 'include' && condition === false);
  });
}

function readValue(node: ValueNode, { variableValues }: GraphQLResolveInfo): unknown {
  return valueFromASTUntyped(node, variableValues.coerced);
}
