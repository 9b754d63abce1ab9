import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import { SKIP_METADATA } from './declared-requirements.js';

/**
 * On a handler: nothing is required, whatever its controller says. On a controller: what the controller itself, or a
 * class that it extends, requires is lifted; handlers keep what they state. `@SkipEntitlement(false)` on a handler
 * puts the controller's requirements back.
 */
export function SkipEntitlement(isSkipped = true): CustomDecorator<string> {
  return SetMetadata(SKIP_METADATA, isSkipped);
}
