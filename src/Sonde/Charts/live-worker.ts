import { LiveConnection, type LiveMessage, type LiveWish } from "./live-connection";

// One connection for all tabs of a browser: HTTP/1.1 allows six to a host, and the seventh tab would hang (a
// SharedWorker). A tab sends its wish, null while it is hidden, and a sign of life; one that has been silent for long
// is gone.

interface Tab { wish: LiveWish | null; seenAt: number }

const silentTooLong = 90_000;
const tabs = new Map<MessagePort, Tab>();
let status: LiveMessage = { kind: "status", status: "waiting" };
const connection = new LiveConnection(new URL("../", self.location.href).href, message => {
  if (message.kind === "status") {
    status = message;
  }
  for (const [port, tab] of tabs) {
    if (tab.wish) {
      port.postMessage(message);
    }
  }
});

function follow(): void {
  const now = Date.now();
  for (const [port, tab] of tabs) {
    if (now - tab.seenAt > silentTooLong) {
      tabs.delete(port);
    }
  }
  connection.follow([...tabs.values()].flatMap(tab => tab.wish ?? []));
}

(self as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = event => {
  const port = event.ports[0];
  if (!port) {
    return;
  }
  port.onmessage = (message: MessageEvent<LiveWish | null | "gone">) => {
    if (message.data === "gone") {
      tabs.delete(port);
    } else {
      tabs.set(port, { wish: message.data, seenAt: Date.now() });
      port.postMessage(status);
    }
    follow();
  };
};
setInterval(follow, 30_000);
