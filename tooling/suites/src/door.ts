/** A place in a handler: it says when it was reached, and goes on when the test says so. */
export interface Door {
  reached: Promise<void>;
  /** For the handler: says that it is there, and waits. */
  pass(): Promise<void>;
  open(): void;
}

export function newDoor(): Door {
  let reach = (): void => {};
  let open = (): void => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    reached,
    pass: () => {
      reach();
      return opened;
    },
    open: () => open(),
  };
}
