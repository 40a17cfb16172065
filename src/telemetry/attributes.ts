/**
 * The names of OpenTelemetry's semantic conventions, as of 1.41, and of ours. They stand here because the package has
 * those of GenAI and GraphQL, which are not stable, in an entry of 500 KB that changes in minor releases.
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
