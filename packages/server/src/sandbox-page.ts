import { isTollgateError, type SandboxOutcome } from '@tollgate/contract';
import type { SandboxDesk, SandboxItem } from '@tollgate/engine';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Clock } from './clock.js';

/**
 * The pages of the billing sandbox, for people who try things: what waits to be decided, and for each a page with two
 * buttons. They need no API key, as a provider's checkout needs none; a server without the sandbox does not have them.
 */
export async function serveSandbox(app: FastifyInstance, desk: SandboxDesk, clock: Clock): Promise<void> {
  await app.register(async (pages) => {
    pages.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    });
    pages.get('/sandbox', async (_request, reply) => {
      const items = await desk.open(null);
      const links = items.map(({ intentId, title, kind }) => {
        return `<li><a href="${pathOf(intentId)}">${escaped(kind)}: ${escaped(title)}</a></li>`;
      });
      return page(reply, 'Waiting for a decision', links.length > 0 ? `<ul>${links.join('')}</ul>` : '<p>Nothing.</p>');
    });
    pages.get<{ Params: { intentId: string } }>('/sandbox/checkout/:intentId', async ({ params }, reply) => {
      const item = await desk.item(params.intentId);
      return item ? checkoutPage(reply, item) : unknown(reply);
    });
    pages.post<{ Params: { intentId: string }; Body: { outcome?: unknown } | null }>(
      '/sandbox/checkout/:intentId',
      async ({ params: { intentId }, body }, reply) => {
        const outcome = body?.outcome;
        if (outcome !== 'SUCCEED' && outcome !== 'FAIL') {
          return page(reply.code(400), 'Not understood', '<p>outcome must be SUCCEED or FAIL.</p>');
        }
        if (!(await desk.item(intentId))) return unknown(reply);
        try {
          const item = await desk.settle(intentId, outcome, clock.now());
          return reply.redirect(nextUrl(item, outcome) ?? pathOf(intentId), 303);
        } catch (error) {
          if (!isTollgateError(error) || error.code !== 'CONFLICT') throw error;
          return page(reply.code(409), 'Decided already', `<p>${escaped(error.message)}</p>`);
        }
      },
    );
  });
}

const pathOf = (intentId: string): string => `/sandbox/checkout/${encodeURIComponent(intentId)}`;

/** Where the application wants people to go on; only to the web, whatever it said. */
function nextUrl({ checkoutOptions }: SandboxItem, outcome: SandboxOutcome): string | undefined {
  const url = outcome === 'SUCCEED' ? checkoutOptions?.successUrl : checkoutOptions?.cancelUrl;
  return typeof url === 'string' && /^https?:\/\//.test(url) ? url : undefined;
}

function checkoutPage(reply: FastifyReply, { status, title, kind }: SandboxItem): FastifyReply {
  const heading = `${escaped(kind)}: ${escaped(title)}`;
  if (status === 'SUCCEEDED') return page(reply, heading, '<p>It succeeded.</p>');
  if (status === 'FAILED') return page(reply, heading, '<p>It failed.</p>');
  const form = `<form method="post">
  <button name="outcome" value="SUCCEED">Succeed</button>
  <button name="outcome" value="FAIL">Fail</button>
</form>`;
  return page(reply, heading, `<p>No money moves here. Decide how it ends.</p>${form}`);
}

const unknown = (reply: FastifyReply): FastifyReply =>
  page(reply.code(404), 'Not found', '<p>Billing was never asked for this.</p>');

function page(reply: FastifyReply, heading: string, body: string): FastifyReply {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${heading}</title>
<body><h1>${heading}</h1>${body}</body></html>`;
  // Nothing of a page may run or be framed: its title holds ids that callers chose.
  return reply
    .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(html);
}

function escaped(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? character);
}
