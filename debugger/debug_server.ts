/**
 * The local server of the debugger: the page, and the session that the page talks to.
 *
 * It listens only on the loopback address, and serves only the page at the address that it prints.
 * It checks the host and the origin, and the path contains a secret, so that neither a page of
 * another origin nor a foreign name for this machine can reach it. It writes nothing to the disk.
 *
 * @module
 */

import { CommandError } from "../cli/mod.ts";
import { pageFile } from "./page/assets.ts";
import { type Message, Request as PageRequest } from "./protocol.ts";
import type { Session } from "./session.ts";

const HOST = "127.0.0.1";

/** The default port; if it is taken, the system chooses one. */
const PORT = 8620;

/** Headers that limit what a page may do, besides its own policy. */
const HEADERS = {
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** A message from the page may not be larger, in characters. */
const REQUEST_LENGTH_MAX = 20_000;

/** Serves one session. */
export class DebugServer implements AsyncDisposable {
  /** The address of the page. */
  readonly address: URL;
  readonly #token = crypto.randomUUID();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #sockets = new Set<WebSocket>();
  #session: Session | undefined;

  /** @param port The port to listen on.
   * @throws {CommandError} It cannot listen there. */
  constructor(port: number | undefined) {
    this.#server = this.#listen(port);
    this.address = new URL(`http://${HOST}:${this.#server.addr.port}/${this.#token}/`);
  }

  /** Connects pages to a session. */
  serve(session: Session): void {
    this.#session = session;
  }

  /** Sends a message to all pages. */
  say(message: Message): void {
    for (const socket of this.#sockets) send(socket, message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.close();
    await this.#server.shutdown();
  }

  #listen(port: number | undefined): Deno.HttpServer<Deno.NetAddr> {
    const start = (port: number) => {
      const options = { hostname: HOST, port, onListen() {} };
      return Deno.serve(options, (request) => this.#answer(request));
    };
    try {
      return start(port ?? PORT);
    } catch (error) {
      if (port === undefined && error instanceof Deno.errors.AddrInUse) return start(0);
      throw new CommandError(
        error instanceof Deno.errors.AddrInUse
          ? `Cannot listen on port ${port}: another program does; choose another --port, or none`
          : `Cannot listen on port ${port ?? PORT}: ${(error as Error).message}`,
      );
    }
  }

  async #answer(request: Request): Promise<Response> {
    const { host, origin } = this.address;
    const sender = request.headers.get("origin");
    const isOurs = request.headers.get("host") === host && (sender === null || sender === origin);
    if (!isOurs) return refuse(403, "This address serves only its own page");
    const folder = this.address.pathname;
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(folder)) {
      return refuse(404, "There is nothing here; open the address that deno task debug printed");
    }
    const path = pathname.slice(folder.length);
    if (path === "session") return this.#connect(request, sender);
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "Only GET");
    const file = await pageFile(path);
    if (file === undefined) return refuse(404, "There is no such file");
    return new Response(file.body, { headers: { ...HEADERS, "content-type": file.type } });
  }

  #connect(request: Request, origin: string | null): Response {
    const isSocket = request.headers.get("upgrade")?.toLowerCase() === "websocket";
    // Browsers always say where a socket comes from.
    if (!isSocket || origin === null) return refuse(400, "Expected the page's WebSocket");
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.addEventListener("open", () => {
      this.#sockets.add(socket);
      this.#session?.connect();
    });
    socket.addEventListener("close", () => this.#sockets.delete(socket));
    socket.addEventListener("error", () => this.#sockets.delete(socket));
    socket.addEventListener("message", ({ data }) => void this.#hear(socket, data));
    return response;
  }

  async #hear(socket: WebSocket, data: unknown): Promise<void> {
    const request = parse(data);
    if (request === undefined || this.#session === undefined) return;
    if (typeof request === "string") {
      return send(socket, { type: "answer", id: 0, refused: request });
    }
    send(socket, await this.#session.handle(request));
  }
}

/** @returns The request, or why it is none. */
function parse(data: unknown): PageRequest | string | undefined {
  if (typeof data !== "string" || data.length > REQUEST_LENGTH_MAX) return "Expected a command";
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return "Expected a command as JSON";
  }
  const request = PageRequest.safeParse(value);
  if (request.success) return request.data;
  const { path, message } = request.error.issues[0]!;
  return `Cannot read the command: ${path.join(".")}: ${message}`;
}

function send(socket: WebSocket, message: unknown): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function refuse(status: number, text: string): Response {
  const headers = { ...HEADERS, "content-type": "text/plain; charset=utf-8" };
  return new Response(`${text}\n`, { status, headers });
}
