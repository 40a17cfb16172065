import {
  type ExecutionArgs,
  type GraphQLError,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNullableType,
  getOperationAST,
  isInputObjectType,
  isListType,
  isScalarType,
  typeFromAST,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { badInput } from '../gateway/input-errors.ts';
import { countRefusal, type TransportStats } from './transport-stats.ts';

/** No input of ours has nearly as many. */
const MAX_FIELDS = 100;
/** For each message that a chat may have. */
const VALUES_OF_MESSAGE = 100;
/** What JSON a field takes: as texts, about, and within each other. */
const MAX_JSON_CHARACTERS = 1_048_576;
const MAX_JSON_DEPTH = 100;
/** GraphQL writes the whole value into the message of each error that it finds in it. */
const MAX_ERRORS = 3;
const MAX_MESSAGE = 500;

interface VariableLimits {
  readonly maxMessages: number;
}

/** Makes mistakes in variables cheap: GraphQL alone spends seconds on an object of many fields that are not there. */
export function useVariableLimits({ maxMessages }: VariableLimits, stats: TransportStats): Plugin {
  const maxValues = VALUES_OF_MESSAGE * Math.max(maxMessages, 1000);

  function refusalOf(args: ExecutionArgs): GraphQLError | undefined {
    const refusal = limit(args, maxValues);
    if (refusal) countRefusal(stats, 'variables', String(refusal.extensions.code));
    return refusal;
  }

  return {
    onExecute({ args, setResultAndStopExecution }) {
      const refusal = refusalOf(args);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
      return { onExecuteDone: ({ result }) => shorten(result) };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = refusalOf(args);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
      return { onSubscribeResult: ({ result }) => shorten(result) };
    },
  };
}

function limit(args: ExecutionArgs, maxValues: number): GraphQLError | undefined {
  args.options = { ...args.options, maxCoercionErrors: MAX_ERRORS };
  const { document, operationName, schema, variableValues } = args;
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const check = createCheck(maxValues);
  for (const { variable, type } of definitions) {
    const name = variable.name.value;
    const refusal = check(variableValues?.[name], typeFromAST(schema, type) as GraphQLInputType | undefined, name);
    if (refusal) return refusal;
  }
  return undefined;
}

/** Goes down along the types, which end; what has none is looked at without. */
function createCheck(maxValues: number) {
  let values = 0;

  function check(value: unknown, type: GraphQLInputType | undefined, path: string): GraphQLError | undefined {
    if (++values > maxValues) return badInput(path, `more than ${maxValues} values in it, and before it`);
    if (typeof value !== 'object' || value === null) return undefined;
    const bare = type && getNullableType(type);
    if (isListType(bare)) return checkItems(Array.isArray(value) ? value : [value], bare.ofType, path);
    if (isInputObjectType(bare) && !Array.isArray(value)) return checkFields(value, bare, path);
    if (isScalarType(bare) && bare.name === 'JSON') return checkJson(value, path);
    return isWide(value) ? badInput(path, WIDE) : undefined;
  }

  function checkItems(items: readonly unknown[], type: GraphQLInputType, path: string) {
    for (const [at, item] of items.entries()) {
      const refusal = check(item, type, `${path}.${at}`);
      if (refusal) return refusal;
    }
    return undefined;
  }

  function checkFields(value: object, type: GraphQLInputObjectType, path: string) {
    if (hasManyFields(value)) return badInput(path, WIDE);
    const fields = type.getFields();
    for (const [name, one] of Object.entries(value)) {
      const field = fields[name];
      const refusal = check(one, field?.type, field ? `${path}.${name}` : path);
      if (refusal) return refusal;
    }
    return undefined;
  }

  return check;
}

const WIDE = `an object has more than ${MAX_FIELDS} fields`;

/** JSON may have as many fields as it likes, but is not for ever. Goes down without recursion, as it can be deep. */
function checkJson(json: object, path: string): GraphQLError | undefined {
  const left: { readonly value: object; readonly depth: number }[] = [{ value: json, depth: 1 }];
  let characters = 0;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, depth } = next;
    if (depth > MAX_JSON_DEPTH) return badInput(path, `expected JSON of at most ${MAX_JSON_DEPTH} levels`);
    for (const name in value) {
      const one = (value as Record<string, unknown>)[name];
      characters += name.length + (typeof one === 'string' ? one.length : 0) + 4;
      if (characters > MAX_JSON_CHARACTERS)
        return badInput(path, `expected JSON of at most ${MAX_JSON_CHARACTERS} bytes`);
      if (typeof one === 'object' && one !== null) left.push({ value: one, depth: depth + 1 });
    }
  }
  return undefined;
}

/** Whether there is an object of too many fields in it. Goes down without recursion, as values can be as deep as they like. */
function isWide(value: object): boolean {
  const left = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
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
