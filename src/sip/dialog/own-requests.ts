/** Our requests within the dialogs that peers began: BYE, and UPDATE or re-INVITE that refresh a session. */
import { defaultPortOf, type Endpoint, hostPort, viaTransport } from "../endpoint.ts";
import type { HeaderField, SipResponse } from "../message/message.ts";
import { parseSipUri, transportOf } from "../message/uri.ts";
import { sameAddress } from "../peers.ts";
import type { ClientTransactions, Datagram } from "../transaction/client-transactions.ts";
import { contactUri, type Dialog, nextHopOf, requestWithin } from "./dialog.ts";

export type OwnRequestPorts = {
  clients: ClientTransactions;
  randomId(): string;
  isPeer(remote: Endpoint): boolean;
  /** Where that peer reaches us. */
  localEndpoint(remote: Endpoint): Endpoint;
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

export function createOwnRequests({
  clients,
  randomId,
  isPeer,
  localEndpoint,
  userAgent,
}: OwnRequestPorts): OwnRequests {
  const newBranch = () => `z9hG4bK${randomId().replaceAll("-", "")}`;

  function sender({ source, local }: Path, to: Endpoint, branch: string) {
    const ours = to.transport === source.transport ? local : localEndpoint(to);
    return { transport: viaTransport(to), sentBy: hostPort(ours), branch, userAgent };
  }

  /**
   * RFC 3261 §8.1.2, but never to an address that is no peer's: then back to where the call came from. A connection of
   * that host's is used again (§18.1.1), also where its URI does not say that it wants a stream, as many do not.
   */
  function destination(dialog: Dialog, { source }: Path): Endpoint {
    const parsed = parseSipUri(nextHopOf(dialog));
    if (parsed === undefined) return source;
    const wanted = transportOf(parsed);
    const address = parsed.host;
    const same = sameAddress(address, source.address) && (wanted === undefined || wanted === source.transport);
    const transport = same ? source.transport : wanted === "tcp" || wanted === "tls" ? wanted : undefined;
    const port = parsed.port || defaultPortOf(transport);
    const to: Endpoint = transport === undefined ? { address, port } : { address, port, transport };
    if (same && source.connection !== undefined) return { ...to, connection: source.connection };
    return isPeer(to) ? to : source;
  }

  /**
   * RFC 3261 §17.1.1.3: a refusal is acknowledged within its transaction, with the branch of the INVITE. §13.2.2.4: a
   * 2xx by a request of its own, to the target that it brings.
   */
  function acknowledgement(invited: Dialog, path: Path, branch: string, response: SipResponse): Datagram {
    const taken = response.status < 300;
    const target = taken ? contactUri(response) : undefined;
    const dialog = target === undefined ? invited : { ...invited, remoteTarget: target };
    const to = destination(dialog, path);
    const by = sender(path, to, taken ? newBranch() : branch);
    return { bytes: requestWithin(dialog, "ACK", by, { cseq: invited.localCseq }).bytes, to };
  }

  return {
    bye(before, path, finished) {
      const branch = newBranch();
      const to = destination(before, path);
      const { dialog, bytes } = requestWithin(before, "BYE", sender(path, to, branch));
      clients.begin({ branch, method: "BYE", bytes, to, finished: () => finished() });
      return dialog;
    },
    refresh(before, path, { method, headers, sdp }, finished) {
      const branch = newBranch();
      const parts = sdp === undefined ? { headers } : { headers, body: { contentType: "application/sdp", text: sdp } };
      const to = destination(before, path);
      const { dialog, bytes } = requestWithin(before, method, sender(path, to, branch), parts);
      if (method === "UPDATE") clients.begin({ branch, method, bytes, to, finished });
      else {
        const acknowledge = (response: SipResponse) => acknowledgement(dialog, path, branch, response);
        clients.beginReinvite({ branch, bytes, to, acknowledge, finished });
      }
      return dialog;
    },
  };
}
