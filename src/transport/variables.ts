import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { badInput } from '../gateway/input-errors.ts';

/** No input of ours has nearly as many. */
const MAX_FIELDS = 100;
/** GraphQL writes the whole value into the message of each error that it finds in it. */
const MAX_ERRORS = 3;
const MAX_MESSAGE = 500;

/** Makes mistakes in variables cheap: GraphQL alone spends seconds on an object of many fields that are not there. */
export function useVariableLimits(): Plugin {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const refusal = limit(args);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
      return { onExecuteDone: ({ result }) => shorten(result) };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = limit(args);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
      return { onSubscribeResult: ({ result }) => shorten(result) };
    },
  };
}

function limit(args: ExecutionArgs) {
  args.options = { ...args.options, maxCoercionErrors: MAX_ERRORS };
  const wide = Object.entries(args.variableValues ?? {}).find(([, value]) => isWide(value));
  return wide && badInput(wide[0], `an object has more than ${MAX_FIELDS} fields`);
}

/** Whether there is an object of too many fields in it. Goes down without recursion, as values can be as deep as they like. */
function isWide(value: unknown): boolean {
  const left = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next) && hasManyFields(next)) return true;
    for (const one of Object.values(next)) if (typeof one === 'object' && one !== null) left.push(one);
  }
  return false;
}

/** To list all the fields would cost as much as to parse them. */
function hasManyFields(object: object): boolean {
  let fields = 0;
  for (const _field in object) if (++fields > MAX_FIELDS) return true;
  return false;
}

function shorten(result: object): void {
  const { errors = [] } = result as { readonly errors?: readonly Error[] };
  for (const error of errors) {
    if (error.message.length > MAX_MESSAGE) error.message = `${error.message.slice(0, MAX_MESSAGE)}…`;
  }
}
