import { setTimeout as delay } from 'node:timers/promises';

/**
 * Your model's SDK stands here. This one takes the words of the prompt in turn, a token every few milliseconds, and
 * ends like a model does: after as many tokens as it likes, at most `maxTokens`, or when it is told to stop.
 */
export async function* answer(
  prompt: string,
  { maxTokens, signal }: { maxTokens: number; signal: AbortSignal },
): AsyncGenerator<string> {
  const words = prompt.split(/\s+/).filter(Boolean).slice(0, maxTokens);
  for (const word of words) {
    await delay(5, undefined, { signal });
    yield word;
  }
}
