import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import type { ClientStatus, Tollgate } from '@tollgate/client';
import { TollgateError } from '@tollgate/contract';
import { getTollgateToken } from './tollgate.tokens.js';

export interface TollgateHealthCheck {
  /** The `name` of a module instance; the one without a name when left out. */
  instance?: string;
  /** More items than this on their way to the engine is `down`. Default 10,000; the outbox takes 50,000. */
  waitingMax?: number;
  /** Whether a lost engine is `down`, although what is cached goes on answering. Default false. */
  isStaleDown?: boolean;
}

/**
 * How a client stands towards the engine, from memory: a health check never waits for the network. A lost engine is
 * `degraded` (`up` where Terminus does not know the word), because the application goes on: taking it out of service
 * would make an outage of it. While nothing is known, or too much waits to be sent, it is `down`.
 */
@Injectable()
export class TollgateHealthIndicator {
  constructor(
    @Inject(HealthIndicatorService) private readonly health: HealthIndicatorService,
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
  ) {}

  async isHealthy(key: string, options: TollgateHealthCheck = {}): Promise<HealthIndicatorResult> {
    const { instance, waitingMax = 10_000, isStaleDown = false } = options;
    const { state, waiting, deadLetters } = this.statusOf(instance);
    const data = { state, waiting, deadLetters };
    const session = this.health.check(key);
    if (state === 'fallback' || waiting > waitingMax || (state === 'stale' && isStaleDown)) return session.down(data);
    // Terminus 11 knows only up and down.
    return state === 'stale' && 'degraded' in session ? session.degraded(data) : session.up(data);
  }

  private statusOf(instance: string | undefined): ClientStatus {
    const client = this.moduleRef.get<Partial<Tollgate>>(getTollgateToken(instance), { strict: false });
    if (typeof client.status === 'function') return client.status();
    throw new TollgateError('CONFIGURATION', 'a health check needs a Tollgate client', { field: 'client' });
  }
}
