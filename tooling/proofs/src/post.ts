import { request } from 'node:http';

/**
 * Sends a request without a body, on a connection of its own, and returns the status of the answer. A connection that is
 * kept may be one that the other side has just closed, and then nobody knows whether the request was heard.
 */
export function post(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', reject);
    });
    sent.once('error', reject);
    sent.end();
  });
}
