/** Our requests within the dialogs that peers began: BYE, and UPDATE or re-INVITE that refresh a session. */
import { defaultSipPort, type Endpoint, hostPort } from "../endpoint.ts";
import type { HeaderField, SipResponse } from "../message/message.ts";
import { parseSipUri } from "../message/uri.ts";
import type { ClientTransactions, Datagram } from "../transaction/client-transactions.ts";
import { contactUri, type Dialog, requestWithin } from "./dialog.ts";

export type OwnRequestPorts = {
  clients: ClientTransactions;
  randomId(): string;
  isPeer(address: string): boolean;
  userAgent: string | undefined;
};

/** Where the call came from, and which address of ours it reached. */
type Path = { readonly source: Endpoint; readonly local: Endpoint };

type Refresh = {
  readonly method: "UPDATE" | "INVITE";
  readonly headers: readonly HeaderField[];
  readonly sdp: string | undefined;
};

export interface OwnRequests {
  /** Each returns the dialog with the CSeq number used up. */
  bye(dialog: Dialog, path: Path, finished: () => void): Dialog;
  /** @param finished With the final response; without one if none came. */
  refresh(dialog: Dialog, path: Path, refresh: Refresh, finished: (response: SipResponse | undefined) => void): Dialog;
}

export function createOwnRequests({ clients, randomId, isPeer, userAgent }: OwnRequestPorts): OwnRequests {
  const newBranch = () => `z9hG4bK${randomId().replaceAll("-", "")}`;
  const sender = ({ local }: Path, branch: string) => ({ sentBy: hostPort(local), branch, userAgent });

  /** RFC 3261 §8.1.2, but never to an address that is no peer's: then back to where the call came from. */
  function destination(uri: string, { source }: Path): Endpoint {
    const parsed = parseSipUri(uri);
    if (parsed === undefined || !isPeer(parsed.host)) return source;
    return { address: parsed.host, port: parsed.port || defaultSipPort };
  }

  /**
   * RFC 3261 §17.1.1.3: a refusal is acknowledged within its transaction, with the branch of the INVITE. §13.2.2.4: a
   * 2xx by a request of its own, to the target that it brings.
   */
  function acknowledgement(invited: Dialog, path: Path, branch: string, response: SipResponse): Datagram {
    const taken = response.status < 300;
    const target = taken ? contactUri(response) : undefined;
    const dialog = target === undefined ? invited : { ...invited, remoteTarget: target };
    const by = sender(path, taken ? newBranch() : branch);
    const { bytes, nextHop } = requestWithin(dialog, "ACK", by, { cseq: invited.localCseq });
    return { bytes, to: destination(nextHop, path) };
  }

  return {
    bye(before, path, finished) {
      const branch = newBranch();
      const { dialog, bytes, nextHop } = requestWithin(before, "BYE", sender(path, branch));
      clients.begin({ branch, method: "BYE", bytes, to: destination(nextHop, path), finished: () => finished() });
      return dialog;
    },
    refresh(before, path, { method, headers, sdp }, finished) {
      const branch = newBranch();
      const parts = sdp === undefined ? { headers } : { headers, body: { contentType: "application/sdp", text: sdp } };
      const { dialog, bytes, nextHop } = requestWithin(before, method, sender(path, branch), parts);
      const to = destination(nextHop, path);
      if (method === "UPDATE") clients.begin({ branch, method, bytes, to, finished });
      else {
        const acknowledge = (response: SipResponse) => acknowledgement(dialog, path, branch, response);
        clients.beginReinvite({ branch, bytes, to, acknowledge, finished });
      }
      return dialog;
    },
  };
}
