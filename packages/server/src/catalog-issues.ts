import { isTollgateError, TollgateError } from '@tollgate/contract';
import { type CatalogFile, shownPath } from './catalog-file.js';

/** A CATALOG_INVALID error with one line per broken rule, `file:line: path rule`; any other error as it is. */
export function placedIssues(error: unknown, path: string, file: CatalogFile): unknown {
  if (!isTollgateError(error) || error.code !== 'CATALOG_INVALID') return error;
  const issues = error.details?.issues as { path: string; rule: string }[] | undefined;
  const lines = (issues ?? [{ path: error.field ?? 'catalog', rule: error.message }]).map((issue) => {
    const line = file.lineOf(issue.path);
    return `${shownPath(path)}${line === undefined ? '' : `:${line}`}: ${issue.path} ${issue.rule}`;
  });
  const count = lines.length === 1 ? 'one rule is' : `${lines.length} rules are`;
  return new TollgateError('CATALOG_INVALID', [`${count} broken`, ...lines].join('\n'), {
    field: error.field,
    details: error.details,
    cause: error,
  });
}
