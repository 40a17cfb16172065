import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** The most problems that are told of one value. */
const MAX_PROBLEMS = 20;
const MAX_PROBLEM_LENGTH = 300;

/** Keywords of nobody's are passed over, as the standard wants it. */
const OPTIONS: Options = { strict: false, allErrors: true, logger: false };

/** They look at schemas, and never at what those describe. */
const draft7 = new Ajv(OPTIONS);
const draft2020 = new Ajv2020(OPTIONS);
for (const ajv of [draft7, draft2020]) ajv.validateSchema({}); // Which has them compiled before there is a hurry.

/** Gives where a value breaks a schema. @throws an error that says why the schema cannot be compiled */
export function compile(schema: unknown): (value: unknown) => readonly string[] {
  if (typeof schema !== 'boolean' && !isObject(schema)) throw new Error('expected an object or a boolean');
  const isDraft7 = isObject(schema) && /draft-07/.test(String(schema.$schema));
  (isDraft7 ? draft7 : draft2020).validateSchema(schema, true);
  // Each has a compiler of its own, as one would remember the names that another gave to its parts.
  const options = { ...OPTIONS, validateSchema: false };
  const compiler = isDraft7 ? new Ajv(options) : new Ajv2020(options);
  addFormats.default(compiler);
  const validate: ValidateFunction = compiler.compile(schema);
  if ('$async' in validate) throw new Error('$async is no keyword of JSON Schema');
  return (value) => (validate(value) ? [] : toProblems(validate.errors ?? []));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toProblems(errors: readonly ErrorObject[]): readonly string[] {
  const problems = new Set<string>();
  for (const error of errors) {
    problems.add(shorten(`#${error.instancePath}: ${toExpected(error)}`));
    if (problems.size === MAX_PROBLEMS) break;
  }
  return [...problems];
}

/** In the validator's words, and what it leaves out of them. */
function toExpected({ keyword, params, message = 'does not fit' }: ErrorObject): string {
  switch (keyword) {
    case 'enum':
      return `must be one of ${JSON.stringify(params.allowedValues)}`;
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}`;
    case 'additionalProperties':
      return `must not have the property '${params.additionalProperty}'`;
    case 'unevaluatedProperties':
      return `must not have the property '${params.unevaluatedProperty}'`;
    default:
      return message;
  }
}

function shorten(text: string): string {
  return text.length > MAX_PROBLEM_LENGTH ? `${text.slice(0, MAX_PROBLEM_LENGTH - 1)}…` : text;
}
