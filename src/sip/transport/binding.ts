/** Why a socket could not be opened, in words that say what to do. */
import { AppError } from "../../app-error.ts";
import { type Endpoint, hostPort } from "../endpoint.ts";

/** @returns AppError "port_taken" or "invalid_config", or the error as it was. */
export function bindingFailed(listen: Endpoint, error: unknown, protocol: "UDP" | "TCP" | "TLS"): unknown {
  const where = hostPort(listen);
  const key = protocol === "TLS" ? "sip.tlsPort" : "sip.port";
  switch ((error as { code?: unknown }).code) {
    case "EADDRINUSE":
      return new AppError(
        "port_taken",
        `Another program has SIP port ${where} (${protocol}): stop it, or set ${key} to a free one.`,
        { cause: error },
      );
    case "EACCES":
      return new AppError("port_taken", `SIP port ${where} may not be opened by this user: set ${key} above 1023.`, {
        cause: error,
      });
    case "EADDRNOTAVAIL":
      return new AppError("invalid_config", `sip.address ${listen.address} is not an address of this machine.`, {
        cause: error,
      });
    default:
      return error;
  }
}
