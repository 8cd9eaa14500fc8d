/** The attempts to put one caller through, one after the other, and what they came to. */
import type { ReturnReason } from "./machine.ts";
import type { TransferPorts, TransferRequest } from "./ports.ts";
import { type RunningTransfer, runTransfer } from "./run-transfer.ts";

export type CallTransfers = {
  begin(request: TransferRequest): void;
  /** The caller is kept waiting no longer. Says nothing back. */
  withdraw(): void;
  callerGone(): void;
  /** A key that the caller pressed when he was no longer ours. */
  press(digit: string, durationMs: number): void;
  /** For the call's row: how often it was tried, how often somebody took the call, and for how long we joined them. */
  figures(): Record<string, number>;
};

export function createCallTransfers(callId: string, ports: TransferPorts): CallTransfers {
  let current: RunningTransfer | undefined;
  let tried = 0;
  let made = 0;
  let joinedMs = 0;
  let sinceMs: number | undefined;

  function parted(): void {
    if (sinceMs !== undefined) joinedMs += ports.nowMs() - sinceMs;
    sinceMs = undefined;
  }

  return {
    begin(request) {
      current?.withdraw(); // at most one telephone rings for a caller
      tried += 1;
      current = runTransfer(callId, request, {
        ...ports,
        handedOver() {
          made += 1;
          sinceMs = ports.nowMs();
          ports.handedOver();
        },
        returned(reason: ReturnReason) {
          current = undefined;
          parted();
          if (reason !== "withdrawn") ports.returned(reason);
        },
      });
    },
    withdraw: () => current?.withdraw(),
    callerGone() {
      parted();
      current?.callerGone();
    },
    press: (digit, durationMs) => current?.press(digit, durationMs),
    figures: (): Record<string, number> =>
      tried === 0 ? {} : { transfersTried: tried, transfersMade: made, joinedMs: Math.round(joinedMs) },
  };
}
