/** Lets a moment pass. The timer keeps the process alive, because somebody is waiting for what comes after. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
