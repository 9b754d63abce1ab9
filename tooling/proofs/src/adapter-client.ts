import { request } from 'node:http';
import type { AdapterRecord } from './adapter-record.js';
import type { Attempt, Wish } from './adapter-request.js';

/** What the client saw of one attempt: the status of a whole answer, or that there was none. */
export type Heard = { id: string; attempt: Attempt; status: number | 'none' };

/** Sends an attempt on a connection of its own, and goes away when the attempt says so. */
export function send(url: string, id: string, attempt: Attempt, record: AdapterRecord): Promise<Heard> {
  record.expect(id, attempt);
  return new Promise((resolve) => {
    const { method, feature, leaves, leavesAfterMs } = attempt;
    const call = request(`${url}/${feature}`, { method, headers: { 'x-attempt': id }, agent: false });
    const hear = (status: number | 'none'): void => resolve({ id, attempt, status });
    const leave = (): void => void setTimeout(() => call.destroy(), leavesAfterMs);
    call.once('error', () => hear('none'));
    call.once('response', (response) => {
      if (leaves === 'when answered') leave();
      response.on('error', () => hear('none'));
      response.once('end', () => hear(response.complete ? (response.statusCode ?? 0) : 'none'));
      response.resume();
    });
    if (leaves === 'when sent') leave();
    if (leaves === 'when decided') record.onceSo(id, 'decided', leave);
    if (leaves === 'when handled') record.onceSo(id, 'handled', leave);
    call.end();
  });
}

/** Tries again, as clients do, when there was no answer or one that blames the server. */
export async function sendUntilAnswered(
  url: string,
  name: string,
  wish: Wish,
  record: AdapterRecord,
): Promise<Heard[]> {
  const heard: Heard[] = [];
  for (const [index, attempt] of wish.entries()) {
    const answer = await send(url, `${name}.${index + 1}`, attempt, record);
    heard.push(answer);
    if (answer.status !== 'none' && answer.status < 500) break;
  }
  return heard;
}
