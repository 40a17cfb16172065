import type * as z from 'zod';
import type { Capabilities } from './capabilities.ts';
import type { ChatPart, ChatRequest, Image, MediaPart } from './chat.ts';
import type { FailureCode } from './errors.ts';

/** What every provider offers to the gateway. Types only: one object of this shape is one provider. */
export interface Provider extends ProviderInfo {
  /**
   * Streams one answer: any number of parts, then exactly one `finish`; or throws a `ProviderError`.
   * Aborting `signal`, or leaving the iteration early, closes the upstream connection at once; an abort rejects with the
   * signal's reason. Absent where the provider has no chat models.
   */
  streamChat?(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatPart>;
  /**
   * Makes pictures in one call of the upstream, which may return more of them than were asked for; throws a
   * `ProviderError` instead of returning none. Absent where the provider has no image models.
   */
  generateImages?(request: ImageRequest, signal: AbortSignal): Promise<readonly Image[]>;
  /** Settles when an upstream that lists its models was asked for them once, whatever came of it. */
  readonly modelsListed?: Promise<void>;
  /**
   * Asks an upstream that lists its models for them once more, unless it did so within the last five seconds. Settles when
   * there is nothing to wait for, whatever came of it. Absent where the models are fixed.
   */
  refreshModels?(): Promise<void>;
  /** Lets go of everything the provider holds open, calls that still run among it. */
  close?(): Promise<void>;
}

export interface ProviderInfo {
  /** The first part of every model's id: lower case, digits and dashes. */
  readonly id: string;
  readonly name: string;
  /** The service's own page, for people. */
  readonly url: string | null;
  /** What is claimed of it, by us or by the configuration; what was seen of it is its health. */
  readonly working: boolean;
  readonly needsAuth: boolean;
  readonly supportsStream: boolean;
  readonly supportsSystemMessage: boolean;
  readonly supportsMessageHistory: boolean;
  /** Whether the upstream reads the http(s) link of a part itself; others come to it as data: URIs. Absent: it reads none. */
  readsLink?(part: MediaPart): boolean;
  /** What a request may say in `providerOptions` for it, looked at before it is called. Absent: any object. */
  readonly callOptions?: z.ZodType;
  readonly models: readonly ProviderModel[];
  /** Why some of them may be missing: the upstream did not list them, or has not done so yet. Null or absent: none are. */
  readonly modelsProblem?: string | null;
  /** The code of that, where the upstream was asked. */
  readonly modelsFailure?: FailureCode | null;
  readonly defaultModel: string | null;
  readonly defaultImageModel: string | null;
}

export type ModelKind = 'CHAT' | 'IMAGE';

export interface ProviderModel {
  /** The upstream's own name. */
  readonly name: string;
  readonly kind: ModelKind;
  readonly aliases?: readonly string[];
  /** What is known of it: absent and null are not known. Of an image model only `aspectRatios` and `imagesPerCall`: it gets a prompt. */
  readonly capabilities?: Partial<Capabilities>;
}

export interface ImageRequest {
  readonly model: string;
  readonly prompt: string;
  readonly aspectRatio: AspectRatio;
  /** How many, at most the model's `imagesPerCall`. */
  readonly count: number;
}

export interface AspectRatio {
  readonly width: number;
  readonly height: number;
}
