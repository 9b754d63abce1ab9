import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeline } from './timeline.js';

test('walks one customer from a trial to the end', async () => {
  const lines = await timeline();
  const seen = lines.map(({ at, plan, status, projects, sso, ahead }) => [at, plan, status, projects, sso, ahead]);
  assert.deepEqual(seen, [
    ['2026-01-01 00:00:00', 'plan-pro', 'IN_TRIAL', 10, true, 'trial ends 2026-01-15'],
    ['2026-01-14 23:59:59', 'plan-pro', 'IN_TRIAL', 10, true, 'trial ends 2026-01-15'],
    ['2026-01-15 00:00:00', 'plan-pro', 'ACTIVE', 10, true, ''],
    ['2026-01-20 00:00:00', 'plan-pro', 'ACTIVE', 20, true, ''],
    ['2026-02-01 00:00:00', 'plan-pro', 'ACTIVE', 20, true, 'DOWNGRADE to plan-starter 2026-02-15'],
    ['2026-02-14 23:59:59', 'plan-pro', 'ACTIVE', 20, true, 'DOWNGRADE to plan-starter 2026-02-15'],
    ['2026-02-15 00:00:00', 'plan-starter', 'ACTIVE', 3, false, ''],
    ['2026-02-20 00:00:00', 'plan-starter', 'ACTIVE', 3, false, 'ends 2026-03-10'],
    ['2026-03-09 23:59:59', 'plan-starter', 'ACTIVE', 3, false, 'ends 2026-03-10'],
    ['2026-03-10 00:00:00', 'plan-starter', 'CANCELED', 0, false, ''],
  ]);
});
