import type { Tollgate } from '@tollgate/client';
import { admissionOf, entitlementsHandler, requireEntitlement, tollgate } from '@tollgate/express';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { answer } from './model.js';

const maxTokensMost = 2_000;

/** What is not a question is refused before anything is reserved for it. */
function isQuestion(req: Request, res: Response, next: NextFunction): void {
  const { prompt, maxTokens } = req.body ?? {};
  const isCount = Number.isInteger(maxTokens) && maxTokens >= 1 && maxTokens <= maxTokensMost;
  if (typeof prompt === 'string' && isCount) next();
  else res.status(400).json({ error: `prompt must be text, maxTokens a whole number from 1 to ${maxTokensMost}` });
}

export function createApp(client: Tollgate): Express {
  const app = express();
  app.use(express.json());
  app.use(tollgate({ client, customer: (req) => req.header('x-account') }));

  // What the answer may cost at most is reserved, or the request is 402 before the model has worked. A reservation
  // stays alive as long as its request does, and two requests never spend the same credits.
  const paid = requireEntitlement('feature-chat-tokens', { usage: (req) => req.body.maxTokens });

  app.post('/chat', isQuestion, paid, async (req, res) => {
    const gone = new AbortController();
    res.on('close', () => gone.abort());
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    let tokens = 0;
    try {
      for await (const token of answer(req.body.prompt, { maxTokens: req.body.maxTokens, signal: gone.signal })) {
        // The last measurement is what is paid: when the answer is complete, and when somebody hangs up in the middle.
        tokens += 1;
        admissionOf(req)?.measure(tokens);
        res.write(`data: ${JSON.stringify({ token })}\n\n`);
      }
      res.end(`event: done\ndata: ${JSON.stringify({ tokens })}\n\n`);
    } catch (error) {
      if (!gone.signal.aborted) throw error;
    }
  });

  // What is left, for the pages of the product.
  app.get('/entitlements', entitlementsHandler({ currencies: ['credits-ai'] }));

  return app;
}
