import type { ExecutionResult } from 'graphql';
import type { ChatEvent } from '../gateway/chat/chat-event.ts';

/** Those that a chat has many of. */
const TYPES = ['ChatDelta', 'ChatReasoningDelta', 'ChatToolCallDelta', 'ChatToolCall'] as const;
const TEMPLATED: ReadonlySet<unknown> = new Set(TYPES);

type Templated = Extract<ChatEvent, { readonly type: (typeof TYPES)[number] }>;
type Fields = Readonly<Record<keyof typeof STAND_INS, unknown>>;

/** The JSON of a result, cut where the fields of an event stand in it. */
interface Template {
  readonly head: string;
  /** Each field with what follows it. */
  readonly slots: readonly (readonly [keyof Fields, string])[];
}

/**
 * The result of a delta or a call depends on nothing but its few fields, and almost all events are such. So GraphQL executes
 * one of each type with values that stand for the fields, and every other is filled in where those came out: aliases,
 * fragments and directives are as GraphQL understood them.
 * @returns the JSON of an event's result; undefined for an event that has to be executed
 */
export function createEventTemplates(execute: (event: Templated) => unknown): (event: unknown) => string | undefined {
  const templates = new Map<Templated['type'], Template | undefined>();
  return (event) => {
    if (!isTemplated(event)) return undefined;
    if (!templates.has(event.type))
      templates.set(event.type, toTemplate(execute({ ...STAND_INS, type: event.type } as Templated)));
    const template = templates.get(event.type);
    return template && fillIn(template, event);
  };
}

/** As JSON, each of them after a key: no key and no name of a type can look like that. */
const STAND_INS = {
  seq: 1_789_012_345,
  offset: 1_789_012_346,
  index: 1_789_012_347,
  text: '\u0000text',
  callId: '\u0000callId',
  name: '\u0000name',
  arguments: '\u0000arguments',
  argumentsText: '\u0000argumentsText',
} as const;
const FIELD_OF = new Map(Object.entries(STAND_INS).map(([field, standIn]) => [JSON.stringify(standIn), field]));
const PLACE = new RegExp(`(?<=":)(${[...FIELD_OF.keys()].join('|').replaceAll('\\', '\\\\')})(?=[,}])`, 'g');

function toTemplate(result: unknown): Template | undefined {
  const { data, errors } = result as ExecutionResult; // A promise has neither: then there is no template.
  if (!data || errors) return undefined;
  const json = JSON.stringify({ data });
  const places = [...json.matchAll(PLACE)];
  return {
    head: json.slice(0, places[0]?.index),
    slots: places.map(({ 0: standIn, index }, at) => [
      FIELD_OF.get(standIn) as keyof Fields,
      json.slice(index + standIn.length, places[at + 1]?.index),
    ]),
  };
}

function fillIn({ head, slots }: Template, event: Templated): string {
  const fields = event as unknown as Fields; // No type is asked for a field that it does not have.
  let json = head;
  for (const [field, rest] of slots) {
    const value = fields[field];
    json += (typeof value === 'number' ? value : JSON.stringify(value)) + rest;
  }
  return json;
}

function isTemplated(event: unknown): event is Templated {
  return TEMPLATED.has((event as ChatEvent).type);
}
