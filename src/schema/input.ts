import * as z from 'zod';
import { badInput } from '../gateway/input-errors.ts';

/** Checks what GraphQL's types cannot say of an `input`. @throws GraphQLError `BAD_USER_INPUT` with the field's path. */
export function parseInput<T>(shape: z.ZodType<T>, input: unknown): T {
  const { data, error, success } = shape.safeParse(input);
  if (success) return data;
  const [issue] = error.issues;
  throw badInput(['input', ...(issue?.path ?? [])].join('.'), issue?.message ?? 'not valid');
}

/** GraphQL lets an explicit null stand where there is a default. */
export function orDefault<T extends z.ZodType>(standard: z.input<T>, shape: T) {
  return z.preprocess((value) => value ?? standard, shape);
}

/** How a request may name a model or a provider. */
export const Name = z.string().max(300, 'expected a name of 300 characters at most');

/** A field that was left out and one that is null are the same to us. */
export function optional<T extends z.ZodType>(shape: T) {
  return shape.nullish().transform((value) => value ?? undefined);
}
