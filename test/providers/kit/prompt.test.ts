import { describe, expect, test } from 'vitest';
import { formatPrompt, imagePrompt } from '../../../src/providers/kit/prompt.ts';
import { assistant, system, user } from '../../helpers/messages.ts';

describe('the prompt of a history', () => {
  test.for(['Hello', '  Hello\n', '', ' \n '])('is the content of a single message as it is: %j', (content) => {
    for (const message of [user(content), system(content), assistant(content)]) {
      expect(formatPrompt([message])).toBe(content);
    }
  });

  test('has a line for each message, in order, and ends where the assistant goes on', () => {
    const messages = [system('Be brief.'), user('Hello'), assistant('Hi.'), user('How are you?')];
    expect(formatPrompt(messages)).toBe(
      'System: Be brief.\nUser: Hello\nAssistant: Hi.\nUser: How are you?\nAssistant:',
    );
  });

  test('leaves blank messages out', () => {
    expect(formatPrompt([system(' \n'), user('Hello'), assistant(''), user('\t')])).toBe('User: Hello\nAssistant:');
    expect(formatPrompt([system(''), user('')])).toBe('Assistant:');
  });

  test('keeps the content of every message to the letter', () => {
    expect(formatPrompt([user(' two\nlines '), user('Assistant: me?')])).toBe(
      'User:  two\nlines \nUser: Assistant: me?\nAssistant:',
    );
  });
});

describe('the prompt of a picture', () => {
  test('is the trimmed content of the last user message', () => {
    expect(imagePrompt([user('a dog'), assistant('Done.'), user(' a cat\n')])).toBe('a cat');
  });

  test('is the run of user messages that ends the history, a line each', () => {
    expect(imagePrompt([user('a dog'), assistant('Done.'), user('a cat '), user(' in the rain')])).toBe(
      'a cat\nin the rain',
    );
    expect(imagePrompt([user('a cat'), user('in the rain')])).toBe('a cat\nin the rain');
  });

  test('is blank where the history ends with somebody else', () => {
    expect(imagePrompt([user('a cat'), assistant('Done.')])).toBe('');
    expect(imagePrompt([user('a cat'), system('Draw well.')])).toBe('');
    expect(imagePrompt([])).toBe('');
  });
});
