/** What a recorded answer is to us, with the model that it names: an upstream tells which one answers. */
export function withModel(outcome: readonly unknown[], recorded: string): unknown[] {
  const [, model] = /"model(?:Version)?": ?"([^"]+)"/.exec(recorded) ?? [];
  return outcome.map((part) => (isFinish(part) && model !== undefined ? { ...part, model } : part));
}

function isFinish(part: unknown): part is object {
  return typeof part === 'object' && part !== null && 'type' in part && part.type === 'finish';
}
