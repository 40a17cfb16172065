import { computed, signal } from '@preact/signals';
import { dropBytes } from '../attachments/bytes.ts';
import type { ChatInput } from '../gql/graphql.ts';
import { chosenModels } from '../models/chosen.ts';
import { here } from '../shell/route.ts';
import { type Answer, createAnswer, isRunning } from './answer.ts';
import type { CallResult } from './calls.ts';
import {
  attachmentsOf,
  type Conversation,
  createConversation,
  createTurn,
  titleOf,
  toInput,
  withAnswer,
} from './conversation.ts';
import {
  dropConversation,
  keepConversation,
  loadConversation,
  loadConversations,
  onKeptElsewhere,
} from './database.ts';
import { unsentIn } from './messages.ts';
import { begin, end, runs } from './running.ts';
import { problemOf, type Settings } from './settings.ts';
import type { Question } from './turn.ts';

/** Every conversation of this browser. */
export const conversations = signal<readonly Conversation[]>([]);

/** Whether what this browser keeps has been read. */
export const isLoaded = signal(false);

/** What the next new conversation begins as. It is kept once something has been asked in it. */
const draft = signal(createConversation());

export const current = computed(() => conversations.value.find(({ id }) => id === here.value.id) ?? draft.value);

/**
 * How soon after a page was left its answers of which nothing was heard may still be joined, without being begun anew: the
 * server waits 30 s, if it is not told otherwise.
 */
const REJOIN_WITHIN_MS = 20_000;

export async function load(): Promise<void> {
  const all = await loadConversations().catch(() => []); // Some browsers keep nothing in private windows.
  const kept = all.filter(({ id }) => conversations.value.every((asked) => asked.id !== id));
  conversations.value = [...conversations.value, ...kept];
  isLoaded.value = true;
  onKeptElsewhere((id) => void adopt(id).catch(() => {}));
  for (const { turns, changedAt } of kept) {
    for (const answer of turns.flatMap(({ answers }) => answers).filter(isRunning)) {
      const isSafe = answer.seq != null || Date.now() - changedAt < REJOIN_WITHIN_MS;
      if (answer.input && isSafe) start(answer);
      else change(answer.id, (left) => ({ ...left, state: 'stopped' }));
    }
  }
}

/** Takes over what another tab has kept or dropped, and joins the answers that run there: a chat may have many readers. */
async function adopt(id: string): Promise<void> {
  const find = () => conversations.value.find((one) => one.id === id);
  const before = find();
  const kept = await loadConversation(id);
  if (find() !== before) return adopt(id); // What has happened here in the meantime has to be in it.
  const mine = new Map(before?.turns.flatMap(({ answers }) => answers).map((answer) => [answer.id, answer]));
  const others = conversations.value.filter((one) => one !== before);
  const joined: Answer[] = [];

  function merge(answer: Answer): Answer {
    const own = mine.get(answer.id);
    mine.delete(answer.id);
    if (isRunning(answer) && own && runs(answer.id)) return own;
    if (!isRunning(answer)) end(answer.id);
    else if (answer.seq !== null || isSent(answer)) joined.push(answer);
    return answer;
  }

  const turns = kept?.turns.map((turn) => ({ ...turn, answers: turn.answers.map(merge) })) ?? [];
  for (const gone of mine.keys()) end(gone);
  conversations.value = kept ? [{ ...kept, turns }, ...others] : others;
  joined.forEach(start);
}

/** Puts a conversation in its place, and keeps it. What is not attached any longer is dropped. */
export function put(conversation: Conversation): void {
  const before = conversations.value.find(({ id }) => id === conversation.id);
  const others = conversations.value.filter((one) => one !== before);
  conversations.value = [conversation, ...others];
  if (before) dropAttachments(before, conversation);
  void keepConversation(conversation).catch(() => {}); // It is still there until the page is closed.
}

function dropAttachments(before: Conversation, after?: Conversation): void {
  const kept = new Set(after && attachmentsOf(after).map(({ id }) => id));
  for (const { id } of attachmentsOf(before)) if (!kept.has(id)) void dropBytes(id).catch(() => {});
}

/** Of conversations from elsewhere those that are not here already, as new or newer. */
export function newerOf(brought: readonly Conversation[]): readonly Conversation[] {
  const here = new Map(conversations.value.map(({ id, changedAt }) => [id, changedAt]));
  return brought.filter(({ id, changedAt }) => changedAt > (here.get(id) ?? 0));
}

const of = (answerId: string) =>
  conversations.value.find(({ turns }) => turns.some(({ answers }) => answers.some(({ id }) => id === answerId)));

async function change(answerId: string, edit: (answer: Answer) => Answer): Promise<void> {
  const before = of(answerId);
  if (!before) return; // It was deleted, or retried, in the meantime.
  const after = withAnswer(before, answerId, edit);
  conversations.value = conversations.value.map((one) => (one === before ? after : one));
  await keepConversation(after).catch(() => {});
}

/** Shows a piece of an answer without keeping it yet: that happens with its start and its end. */
function show(answerId: string, edit: (answer: Answer) => Answer): void {
  conversations.value = conversations.value.map((one) =>
    one.turns.some(({ answers }) => answers.some(({ id }) => id === answerId)) ? withAnswer(one, answerId, edit) : one,
  );
}

/** Until the tab that asks has sent what is attached, there is no chat to be joined. */
const isSent = ({ input }: Answer): boolean => input !== null && unsentIn(input).length === 0;

function start(answer: Answer): void {
  begin(answer, { show: (edit) => show(answer.id, edit), keep: (edit) => change(answer.id, edit) });
}

/** Asks every chosen model, after the turns so far or, to ask one of them anew, after those before it. */
export function ask(question: Question, insteadOf?: string): void {
  const at = current.value;
  if (problemOf(at.settings) !== null) return;
  const place = at.turns.findIndex(({ id }) => id === insteadOf);
  const before = place < 0 ? at.turns : at.turns.slice(0, place);
  for (const { answers } of at.turns.slice(before.length)) answers.forEach(({ id }) => void end(id));
  const turn = createTurn(at, { before, question, models: chosenModels.value });
  const title = before.length === 0 ? titleOf(question) : at.title;
  put({ ...at, title, turns: [...before, turn], changedAt: Date.now() });
  if (at === draft.value) draft.value = createConversation();
  here.value = { page: 'chat', id: at.id };
  turn.answers.forEach(start);
}

export function stop(answer: Answer): void {
  end(answer.id);
  change(answer.id, (stopped) => ({ ...stopped, state: 'stopped' }));
}

export function stopAll(): void {
  for (const { answers } of current.value.turns) answers.filter(isRunning).forEach(stop);
}

/** Asks for one answer anew, of the same model or of another. */
export function retry(answer: Answer, model: string | null = answer.asked): void {
  replace(answer, { model, earlier: answer.earlier });
}

/** Puts down what somebody says that a call of an answer came to. */
export function enterResult(answer: Answer, callId: string, result: CallResult): void {
  change(answer.id, (before) => ({ ...before, results: { ...before.results, [callId]: result } }));
}

/** Sends the results of the calls of an answer, from which the model goes on. */
export function goOn(answer: Answer): void {
  const step = { ...answer, input: null, earlier: [] };
  replace(answer, { model: answer.asked, earlier: [...answer.earlier, step] });
}

/** Goes back to the last calls of an answer, to give other results. */
export function reopenCalls(answer: Answer): void {
  const last = answer.earlier.at(-1);
  if (!last) return;
  end(answer.id);
  change(answer.id, () => ({ ...last, earlier: answer.earlier.slice(0, -1) }));
}

function replace(answer: Answer, { model, earlier }: Pick<Answer, 'earlier'> & { model: Answer['asked'] }): void {
  const place = placeOf(answer);
  if (!place || problemOf(place.conversation.settings) !== null) return;
  end(answer.id);
  const { conversation, before, turn } = place;
  const anew = createAnswer(toInput(conversation, { before, question: turn, model, earlier }), earlier);
  change(answer.id, () => anew);
  start(anew);
}

function placeOf(answer: Answer) {
  const conversation = of(answer.id);
  const place = conversation?.turns.findIndex(({ answers }) => answers.some(({ id }) => id === answer.id)) ?? -1;
  const turn = conversation?.turns[place];
  return conversation && turn && { conversation, before: conversation.turns.slice(0, place), turn };
}

export function startNew(): void {
  draft.value = createConversation(current.value.settings);
  here.value = { page: 'chat', id: null };
}

export function configure(settings: Settings): void {
  if (current.value === draft.value) draft.value = { ...draft.value, settings };
  else put({ ...current.value, settings });
}

export function rename(conversation: Conversation, title: string): void {
  put({ ...conversation, title });
}

export function remove(conversation: Conversation): void {
  for (const { answers } of conversation.turns) answers.forEach(({ id }) => void end(id));
  conversations.value = conversations.value.filter(({ id }) => id !== conversation.id);
  void dropConversation(conversation.id).catch(() => {});
  dropAttachments(conversation);
}

/** What was sent for an answer; what would be sent now for one that was kept. */
export function inputOf(answer: Answer): ChatInput {
  if (answer.input) return answer.input;
  const place = placeOf(answer);
  if (!place) return { messages: [] };
  const { conversation, before, turn } = place;
  const { asked: model, earlier, id } = answer;
  return { ...toInput(conversation, { before, question: turn, model, earlier }), id };
}
