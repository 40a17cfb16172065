import { badInput } from '../mistakes.ts';

/** How many pictures one operation may still order. */
export interface ImageBudget {
  /** Takes pictures off, or none at all. @throws GraphQLError `BAD_USER_INPUT` when there are not enough left. */
  spend(count: number): void;
}

export function createImageBudget(most: number): ImageBudget {
  let left = most;
  return {
    spend(count) {
      if (count > left) {
        throw badInput('input.count', `expected at most ${most} pictures over the whole operation, ${left} are left`);
      }
      left -= count;
    },
  };
}
