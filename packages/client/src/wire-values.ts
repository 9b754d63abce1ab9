import { amountFromWire, amountToNumber, fromIso } from '@tollgate/contract';

/* What travels, as the API hands it out: instants as dates, exact amounts as numbers, free-form values as copies. */

export const date = (iso: string): Date => new Date(fromIso(iso));
export const dateOrNull = (iso: string | null): Date | null => (iso === null ? null : date(iso));

export const number = (text: string, field: string): number => amountToNumber(amountFromWire(text, field));

export const record = (value: unknown): Record<string, unknown> => ({ ...(value as Record<string, unknown> | null) });
export const recordOrNull = (value: unknown): Record<string, unknown> | null => (value ? record(value) : null);
