/**
 * A place in the change feed: a snapshot of Postgres, `xmin:xmax:xip,…`. It saw every transaction below `xmax` but those
 * that were still running. Rows are compared with it by the transaction that wrote them, so none is missed or repeated,
 * however long a transaction takes to commit.
 */
export interface FeedPosition {
  text: string;
  xmax: bigint;
  running: ReadonlySet<bigint>;
}

const snapshotPattern = /^(\d{1,18}):(\d{1,18}):((?:\d{1,18},)*\d{1,18})?$/;

/** Undefined for what Postgres would not take as a snapshot. */
export function parsePosition(text: string): FeedPosition | undefined {
  const [matched, first, last, list] = snapshotPattern.exec(text) ?? [];
  if (matched === undefined || first === undefined || last === undefined) return undefined;
  const [xmin, xmax] = [BigInt(first), BigInt(last)];
  const running = list === undefined ? [] : list.split(',').map(BigInt);
  const isSorted = running.every((xid, index) => index === 0 || xid > (running[index - 1] ?? xid));
  const isInside = running.every((xid) => xid >= xmin && xid < xmax);
  return xmin > 0n && xmin <= xmax && isSorted && isInside ? { text, xmax, running: new Set(running) } : undefined;
}

export function hasSeen(position: FeedPosition, xid: bigint): boolean {
  return xid < position.xmax && !position.running.has(xid);
}

/** True when `later` saw everything that `earlier` saw. */
export function hasReached(later: FeedPosition, earlier: FeedPosition): boolean {
  return earlier.xmax <= later.xmax && [...later.running].every((xid) => !hasSeen(earlier, xid));
}

/** What a follower hands back to go on where it stopped. */
export function formatCursor(epoch: string, position: FeedPosition): string {
  return `${epoch}/${position.text}`;
}

/** Undefined for what is no cursor of ours; whoever sent it has to start anew. */
export function parseCursor(cursor: string): { epoch: string; position: FeedPosition } | undefined {
  const [epoch, snapshot, ...more] = cursor.split('/');
  if (epoch === undefined || snapshot === undefined || more.length > 0) return undefined;
  const position = parsePosition(snapshot);
  return position && { epoch, position };
}

/** True when whoever read up to `later` heard of all that came before `earlier`; false between two databases. */
export function hasCursorReached(later: string, earlier: string): boolean {
  const [to, from] = [parseCursor(later), parseCursor(earlier)];
  return to !== undefined && from !== undefined && to.epoch === from.epoch && hasReached(to.position, from.position);
}
