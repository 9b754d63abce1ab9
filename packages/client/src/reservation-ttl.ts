/** How long a reservation may be held without a sign of life, in milliseconds. */
export const reservationTtlMs = Object.freeze({ least: 1_000, most: 86_400_000, usual: 60_000 });
