/** Our requests within dialogs: BYE, REFER, PRACK, UPDATE or re-INVITE that refresh a session, and what acknowledges. */
import { defaultPortOf, type Endpoint, hostPort, viaTransport } from "../endpoint.ts";
import type { HeaderField, SipResponse } from "../message/message.ts";
import { parseSipUri, transportOf } from "../message/uri.ts";
import { sameAddress } from "../peers.ts";
import type { ClientMethod, ClientTransactions, Datagram } from "../transaction/client-transactions.ts";
import { contactUri, type Dialog, nextHopOf, requestWithin } from "./dialog.ts";

export type OwnRequestPorts = {
  clients: ClientTransactions;
  randomId(): string;
  isPeer(remote: Endpoint): boolean;
  /** Where that peer reaches us. */
  localEndpoint(remote: Endpoint): Endpoint;
  send(bytes: Uint8Array, to: Endpoint): void;
  userAgent: string | undefined;
};

/** Where the call came from or the leg went, and by which address of ours. */
export type Path = {
  readonly source: Endpoint;
  readonly local: Endpoint;
  /** Requests go to the host of `source` only. */
  readonly bound?: boolean;
};

type Refresh = {
  readonly method: "UPDATE" | "INVITE";
  readonly headers: readonly HeaderField[];
  readonly sdp: string | undefined;
};

type Finished = (response: SipResponse | undefined) => void;

export interface OwnRequests {
  /** Each returns the dialog with the CSeq number used up. */
  bye(dialog: Dialog, path: Path, finished: () => void): Dialog;
  /** @param finished With the final response; without one if none came. */
  refresh(dialog: Dialog, path: Path, refresh: Refresh, finished: Finished): Dialog;
  /** Any other request that changes nothing of the session. */
  ask(
    method: Extract<ClientMethod, "REFER" | "PRACK">,
    dialog: Dialog,
    path: Path,
    headers: readonly HeaderField[],
    finished: Finished,
  ): Dialog;
  /** Of the 2xx to the INVITE that began the dialog (RFC 3261 §13.2.2.4), as often as that comes. */
  acknowledge(dialog: Dialog, path: Path, cseq: number): void;
}

export function createOwnRequests(ports: OwnRequestPorts): OwnRequests {
  const { clients, isPeer, localEndpoint, userAgent } = ports;
  const newBranch = () => branchOf(ports.randomId());

  function sender({ source, local }: Path, to: Endpoint, branch: string) {
    const ours = to.transport === source.transport ? local : localEndpoint(to);
    return { transport: viaTransport(to), sentBy: hostPort(ours), branch, userAgent };
  }

  /**
   * RFC 3261 §8.1.2, but never to an address that is no peer's: then back to where the call came from. A connection of
   * that host's is used again (§18.1.1), also where its URI does not say that it wants a stream, as many do not.
   */
  function destination(dialog: Dialog, { source, bound = false }: Path): Endpoint {
    const parsed = parseSipUri(nextHopOf(dialog));
    if (parsed === undefined) return source;
    const wanted = transportOf(parsed);
    const address = parsed.host;
    const same = sameAddress(address, source.address) && (wanted === undefined || wanted === source.transport);
    if (bound && !same) return source;
    const transport = same ? source.transport : wanted === "tcp" || wanted === "tls" ? wanted : undefined;
    // What may hold the keys of a call (RFC 4568 §7.1.2) leaves TLS for nobody's Contact.
    if (source.transport === "tls" && transport !== "tls") return source;
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

  function ask(
    method: ClientMethod,
    before: Dialog,
    path: Path,
    headers: readonly HeaderField[],
    finished: Finished,
  ): Dialog {
    const branch = newBranch();
    const to = destination(before, path);
    const { dialog, bytes } = requestWithin(before, method, sender(path, to, branch), { headers });
    clients.begin({ branch, method, bytes, to, finished });
    return dialog;
  }

  return {
    ask,
    bye: (before, path, finished) => ask("BYE", before, path, [], () => finished()),
    refresh(before, path, { method, headers, sdp }, finished) {
      const branch = newBranch();
      const parts = sdp === undefined ? { headers } : { headers, body: { contentType: "application/sdp", text: sdp } };
      const to = destination(before, path);
      const { dialog, bytes } = requestWithin(before, method, sender(path, to, branch), parts);
      if (method === "UPDATE") clients.begin({ branch, method, bytes, to, finished });
      else {
        const acknowledge = (response: SipResponse) => acknowledgement(dialog, path, branch, response);
        clients.beginInvite({ branch, bytes, to, acknowledge, finished });
      }
      return dialog;
    },
    acknowledge(dialog, path, cseq) {
      const to = destination(dialog, path);
      ports.send(requestWithin(dialog, "ACK", sender(path, to, newBranch()), { cseq }).bytes, to);
    },
  };
}

/** RFC 3261 §8.1.1.7. @param id A UUID. */
export function branchOf(id: string): string {
  return `z9hG4bK${id.replaceAll("-", "")}`;
}
