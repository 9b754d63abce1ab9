import type { Tollgate } from '@tollgate/client';
import { admissionOf, entitlementsHandler, requireEntitlement, tollgate } from '@tollgate/express';
import express, { type Express } from 'express';

/** The account that pays comes in a header here; in your product it comes from the session or the token. */
export function createApp(client: Tollgate): Express {
  const app = express();
  app.use(express.json());
  app.use(tollgate({ client, customer: (req) => req.header('x-account') }));

  // What the account has, for the pages of the product: they show what the routes below enforce.
  app.get('/entitlements', entitlementsHandler({ features: ['feature-sso', 'feature-projects', 'feature-reports'] }));

  app.get('/sso', requireEntitlement('feature-sso'), (_req, res) => {
    res.json({ loginUrl: 'https://login.example.com' });
  });

  app.post(
    '/uploads',
    requireEntitlement('feature-max-upload-mb', { atMost: (req) => req.body.megabytes }),
    (req, res) => {
      res.status(201).json({ megabytes: req.body.megabytes });
    },
  );

  app.get(
    '/exports/:format',
    requireEntitlement('feature-export-formats', { values: (req) => req.params.format }),
    (req, res) => {
      res.json({ format: req.params.format });
    },
  );

  app.post('/projects', requireEntitlement('feature-projects', { usage: 1 }), (_req, res) => {
    res.status(201).json({ project: 'created' });
  });

  app.delete('/projects/:id', requireEntitlement('feature-projects', { usage: -1 }), (_req, res) => {
    res.status(204).end();
  });

  app.post('/reports', requireEntitlement('feature-reports', { usage: 1 }), (req, res) => {
    res.status(201).json({ report: `for ${admissionOf(req)?.customerId}` });
  });

  app.get('/data', requireEntitlement('feature-api-calls', { usage: 1 }), (_req, res) => {
    res.json({ rows: [1, 2, 3] });
  });

  return app;
}
