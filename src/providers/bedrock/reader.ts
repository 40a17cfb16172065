import type { Image, Usage } from '../chat.ts';
import { ProviderError } from '../errors.ts';
import type { HttpClient } from '../http/client.ts';
import { isObject, type Json, parseObject } from '../http/json.ts';
import type { ChatReader } from '../kit/chat-reader.ts';
import { toFinishReason } from '../kit/finish-reason.ts';
import { createContent } from './content.ts';
import type { Frame } from './frames.ts';
import { toUsage } from './usage.ts';

interface BedrockReaderOptions {
  /** The upstream's name, as messages show it. */
  readonly name: string;
  readonly maker: string;
  /** The tool whose arguments are the answer, where there is one. */
  readonly answerTool: string | null;
  /** @throws ProviderError for what is no picture */
  readonly toImage: (item: unknown) => Image;
  /** How long an answer that has told its end is waited for. */
  readonly finishGraceMs: number;
  readonly http: Pick<HttpClient, 'toError' | 'clean'>;
}

/**
 * Reads the events of one answer, in whatever order they come. Padding and other fields that are not named here say nothing.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html
 */
export function createBedrockReader(options: BedrockReaderOptions): ChatReader<[frame: Frame]> {
  const { name, answerTool, finishGraceMs, http } = options;
  const content = createContent(options);
  let usage: Usage | null = null;
  let rawReason: string | null = null;

  /** Nothing that comes after the end counts against the answer. */
  function fail(error: ProviderError) {
    if (rawReason === null) throw error;
  }

  function toFailure({ name: code, message, text }: Frame): ProviderError {
    return http.toError({ message, ...parseObject(text), code });
  }

  function toReason(told: string) {
    const reason = toFinishReason(told);
    if (content.calls > 0) return reason === 'STOP' ? 'TOOL_CALLS' : reason;
    // The answer's own tool is none of the caller's.
    return reason === 'TOOL_CALLS' && answerTool !== null ? 'STOP' : reason;
  }

  return {
    read(parts, frame) {
      if (frame.type === 'exception' || frame.type === 'error') return fail(toFailure(frame));
      if (frame.type !== 'event') return;
      const event = parseObject(frame.text);
      if (event === null) return fail(new ProviderError('BAD_RESPONSE', `${name} sent an event that cannot be read`));
      const index = Number(event.contentBlockIndex);
      switch (frame.name) {
        case 'contentBlockStart':
          return content.begin(parts, index, toObject(event.start));
        case 'contentBlockDelta':
          return content.add(parts, index, toObject(event.delta));
        case 'contentBlockStop':
          return content.stop(parts, index);
        case 'messageStop':
          rawReason = typeof event.stopReason === 'string' ? event.stopReason.slice(0, MAX_REASON) : '';
          return;
        case 'metadata':
          usage = toUsage(event.usage) ?? usage;
      }
    },
    end(parts) {
      if (rawReason === null) return null;
      const told = toFinishReason(rawReason);
      if (!content.end(parts, told !== 'STOP' && told !== 'TOOL_CALLS')) return null;
      return {
        reason: toReason(rawReason),
        rawReason: http.clean(rawReason) || null,
        usage,
        continuation: content.continuation,
      };
    },
    get graceMs() {
      if (rawReason === null) return undefined;
      return usage === null ? finishGraceMs : 0;
    },
  };
}

/** A reason is a word, and what is added to it is bounded. */
const MAX_REASON = 500;

function toObject(value: unknown): Json {
  return isObject(value) ? value : {};
}
