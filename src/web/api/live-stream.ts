/**
 * Server-sent events for one browser. What it has not taken yet waits in a bounded queue; a browser too slow for
 * that is dropped, and shown everything anew when it comes back.
 */
export type LiveStream = {
  body: ReadableStream<Uint8Array>;
  /** Queues one message. Ends the stream if the queue is full. */
  send(data: object): void;
  /** A comment line: keeps proxies and our own idle limit from closing, and finds out that nobody is there. */
  heartbeat(): void;
  /** Sends a last event of that name and closes. */
  end(event: string): void;
  /** The browser has gone. */
  drop(): void;
};

/** About 1,500 events. */
export const queueBytesAtMost = 512 * 1024;

/**
 * @param closed Called once, whoever closes: the browser, `end`, or the full queue.
 */
export function createLiveStream(closed: () => void): LiveStream {
  const encoder = new TextEncoder();
  let queue: Uint8Array[] = [];
  let queuedBytes = 0;
  let open = true;
  let output: ReadableStreamDefaultController<Uint8Array> | undefined;
  let wake: (() => void) | undefined;

  function drop(): void {
    if (!open) return;
    open = false;
    queue = [];
    wake?.();
    closed();
  }

  function close(): void {
    if (!open) return;
    output?.close();
    drop();
  }

  function push(text: string): void {
    if (!open) return;
    const bytes = encoder.encode(text);
    queuedBytes += bytes.length;
    if (queuedBytes > queueBytesAtMost) {
      close();
      return;
    }
    queue.push(bytes);
    wake?.();
  }

  function flush(): boolean {
    const waiting = queue;
    queue = [];
    queuedBytes = 0;
    if (waiting.length > 0) output?.enqueue(concat(waiting));
    return waiting.length > 0;
  }

  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        output = controller;
      },
      /** Called when the browser can take more; settles once it was given something. */
      async pull() {
        while (open && !flush()) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
      cancel: drop,
    },
    { highWaterMark: 1 },
  );

  return {
    body,
    send: (data) => push(`data: ${JSON.stringify(data)}\n\n`),
    heartbeat: () => push(": still here\n\n"),
    end(event) {
      push(`event: ${event}\ndata: {}\n\n`);
      if (open) flush();
      close();
    },
    drop,
  };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
