// Shows every <time> in the reader's zone; without script it says UTC.
export function showLocalTimes(root: ParentNode): void {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.getAttribute("datetime") ?? "");
    if (!Number.isNaN(at.getTime())) {
      time.textContent = localText(at);
    }
  }
}

/** Date and time to the second; only the time when it is today. */
export function localText(at: Date): string {
  const time = at.toLocaleTimeString("en-GB");
  return at.toDateString() === new Date().toDateString() ? time : `${at.toLocaleDateString("sv-SE")} ${time}`;
}

showLocalTimes(document);
