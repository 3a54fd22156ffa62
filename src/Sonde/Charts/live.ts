import type { LiveRows, Sample } from "./api";
import { LiveConnection, type LiveMessage, type LiveWish } from "./live-connection";

// The live side of a page. Elements say what they want and hear what arrives; hidden tabs hear nothing, and fetch when
// they return.

interface Listeners {
  samples: (samples: Sample[]) => void;
  rows: (rows: LiveRows) => void;
  reset: () => void;
  status: (status: "live" | "waiting") => void;
}

const listeners: { [K in keyof Listeners]: Listeners[K][] } = { samples: [], rows: [], reset: [], status: [] };
const targets = new Set<string>();
let wantsRows = false;
let send: ((wish: LiveWish | null | "gone") => void) | undefined;

/** Calls back when something of this kind arrives. `reset`: something was missed, fetch anew. */
export function onLive<K extends keyof Listeners>(kind: K, callback: Listeners[K]): void {
  listeners[kind].push(callback);
}

/** Asks for the rows of all targets. */
export function wantRows(): void {
  wantsRows = true;
  tell();
}

/** Asks for the samples and the row of one target. */
export function wantTarget(id: string): void {
  targets.add(id);
  tell();
}

function tell(): void {
  send ??= connect();
  send(document.hidden ? null : { targets: [...targets], rows: wantsRows });
}

function connect(): (wish: LiveWish | null | "gone") => void {
  const worker = document.querySelector<HTMLMetaElement>("meta[name=live-worker]")?.content;
  if (worker && "SharedWorker" in window) {
    const port = new SharedWorker(new URL(worker, document.baseURI), { type: "module", name: "sonde-live" }).port;
    port.onmessage = (event: MessageEvent<LiveMessage>) => hear(event.data);
    return wish => port.postMessage(wish);
  }
  // a browser without shared workers: a connection of its own
  const connection = new LiveConnection(document.baseURI, hear);
  return wish => connection.follow(wish === null || wish === "gone" ? [] : [wish]);
}

function hear(message: LiveMessage): void {
  switch (message.kind) {
    case "samples": listeners.samples.forEach(callback => callback(message.samples)); break;
    case "rows": listeners.rows.forEach(callback => callback(message.rows)); break;
    case "reset": listeners.reset.forEach(callback => callback()); break;
    case "status": listeners.status.forEach(callback => callback(message.status)); break;
  }
}

document.addEventListener("visibilitychange", () => {
  if (send) {
    tell();
    if (!document.hidden) {
      hear({ kind: "reset" });
    }
  }
});
addEventListener("pagehide", () => send?.("gone"));
addEventListener("pageshow", event => { if (event.persisted && send) { tell(); hear({ kind: "reset" }); } });
setInterval(() => { if (send) { tell(); } }, 30_000);
