import { expect, test } from 'vitest';
import { events } from '../src/events.js';

function watched() {
  const errors: unknown[] = [];
  const logger = { log: () => {}, debug: () => {}, error: (message: string) => errors.push(message) };
  return { errors, events: events(logger) };
}

test('a listener is called until it is removed', () => {
  const { events } = watched();
  const seen: number[] = [];
  const listener = ({ catalog }: { catalog: number }) => seen.push(catalog);
  events.add('packagePublished', listener);
  events.emit('packagePublished', { catalog: 2 });
  events.remove('packagePublished', listener);
  events.emit('packagePublished', { catalog: 3 });
  expect(seen).toEqual([2]);
});

test('a listener that throws or rejects is logged, and the others are called', async () => {
  const { events, errors } = watched();
  let called = 0;
  events.add('apiKeyInvalid', () => {
    throw new Error('broken');
  });
  events.add('apiKeyInvalid', () => Promise.reject(new Error('broken later')));
  events.add('apiKeyInvalid', () => {
    called += 1;
  });
  events.emit('apiKeyInvalid');
  await Promise.resolve();
  expect(called).toBe(1);
  expect(errors).toEqual(['a listener of apiKeyInvalid failed', 'a listener of apiKeyInvalid failed']);
});

test('a listener may remove itself while it is called', () => {
  const { events } = watched();
  let called = 0;
  const once = () => {
    called += 1;
    events.remove('apiKeyInvalid', once);
  };
  events.add('apiKeyInvalid', once);
  events.emit('apiKeyInvalid');
  events.emit('apiKeyInvalid');
  expect(called).toBe(1);
});
