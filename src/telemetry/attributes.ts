/**
 * The names of OpenTelemetry's semantic conventions, and of ours. They stand here because those of GenAI and GraphQL are
 * not stable: the package has them in an entry that may change with any release, and those of GenAI as they were before
 * they moved to a repository of their own.
 * @see https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/client-inference.md (read 2026-11-27)
 */
export const ATTRIBUTE = {
  errorType: 'error.type',
  httpStatus: 'http.response.status_code',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  graphqlType: 'graphql.operation.type',
  graphqlName: 'graphql.operation.name',
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  outputType: 'gen_ai.output.type',
  requestModel: 'gen_ai.request.model',
  stream: 'gen_ai.request.stream',
  temperature: 'gen_ai.request.temperature',
  topP: 'gen_ai.request.top_p',
  topK: 'gen_ai.request.top_k',
  maxTokens: 'gen_ai.request.max_tokens',
  seed: 'gen_ai.request.seed',
  presencePenalty: 'gen_ai.request.presence_penalty',
  frequencyPenalty: 'gen_ai.request.frequency_penalty',
  imageCount: 'gen_ai.request.choice.count',
  responseModel: 'gen_ai.response.model',
  finishReasons: 'gen_ai.response.finish_reasons',
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  inputTokens: 'gen_ai.usage.input_tokens',
  cacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  cacheWriteTokens: 'gen_ai.usage.cache_write.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  /** The model as it can be asked for here: `acme/writer`. */
  model: 'modelql.model.id',
  /** How it ended, as in the log: `STOP`, `LEFT`, `UNAVAILABLE`. */
  code: 'modelql.code',
} as const;

/** The event of a chat's span when the first part of the answer is there. */
export const FIRST_CHUNK = 'gen_ai.first_chunk';
