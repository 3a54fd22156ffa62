import type { LiveRow, TargetDetails, WindowSummary } from "./api";
import { certificateUrgency, certificateWords } from "./certificate-words";
import { count, ms, percent, uptime } from "./figures";
import { onLive, wantTarget } from "./live";
import { localText } from "./local-time";
import { showPhases } from "./phase-figures";
import { setText, showState } from "./state-mark";

/** `<target-figures data-id>`: keeps the state and the windows of a target's page up to date. */
class TargetFigures extends HTMLElement {
  #fetchedAt = 0;
  #isFetching = false;

  connectedCallback(): void {
    const id = this.dataset["id"] ?? "";
    onLive("rows", live => {
      const row = live.rows.find(one => one.id === id);
      if (row) {
        this.#showRow(row);
        void this.#fetchWindows(id);
      }
    });
    wantTarget(id);
  }

  #showRow(row: LiveRow): void {
    showState(this, row.state);
    setText(this.querySelector("[data-figure=uptime]"), uptime(row.uptimeRatio));
    setText(this.querySelector("[data-figure=since]"),
      row.stateSince === null ? "" : `since ${localText(new Date(row.stateSince))}`);
    setText(this.querySelector("[data-figure=problem]"), row.problem ?? "");
  }

  /** The windows move by themselves, too; every three seconds is often enough to read them. */
  async #fetchWindows(id: string): Promise<void> {
    if (this.#isFetching || Date.now() - this.#fetchedAt < 2_900) {
      return;
    }
    this.#isFetching = true;
    try {
      const response = await fetch(`api/v1/targets/${encodeURIComponent(id)}`);
      if (response.ok) {
        const details = await response.json() as TargetDetails;
        this.#showWindows(details);
        this.#showFindings(details);
        if (!showPhases(this, details.phases)) {
          await this.#fetchPhases();
        }
      }
    } catch {
      // the server is away: the light says so, and the next row asks again
    } finally {
      this.#fetchedAt = Date.now();
      this.#isFetching = false;
    }
  }

  #showWindows(details: TargetDetails): void {
    setText(this.querySelector("[data-figure=missed]"), missedAndLate(details.target));
    for (const series of details.series) {
      const panel = this.querySelector(`[data-series="${series.family}"]`);
      if (panel) {
        showState(panel, series.state);
        setText(panel.querySelector("[data-figure=family-uptime]"), uptime(series.uptimeRatio));
      }
      for (const window of series.windows) {
        for (const cell of this.querySelectorAll<HTMLElement>(`[data-window^="${series.family}/${window.minutes}/"]`)) {
          setText(cell, textOf(window, (cell.dataset["window"] ?? "").split("/")[2] ?? ""));
        }
      }
      this.#showLosses(series.family, series.windows.at(-1));
    }
  }

  #showFindings(details: TargetDetails): void {
    const certificate = this.querySelector("[data-figure=certificate]");
    setText(certificate, certificateWords(details.certificateExpiresAt, Date.now()));
    if (certificate) {
      certificate.className = `facts certificate ${certificateUrgency(details.certificateExpiresAt, Date.now())}`;
    }
    const loss = this.querySelector("[data-figure=last-loss]");
    setText(loss, details.lastLoss === null ? ""
      : `last loss ${localText(new Date(details.lastLoss.at))}: ${details.lastLoss.detail}`);
    if (loss) {
      loss.className = `last-loss ${details.target.lastLoss === null ? "quiet" : "why"}`;
    }
  }

  /** A phase came up that was not there when the server drew: it draws anew. */
  async #fetchPhases(): Promise<void> {
    const response = await fetch(location.href, { headers: { accept: "text/html" } });
    if (response.ok) {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("target-figures [data-part=phases]");
      if (fresh) {
        this.querySelector("[data-part=phases]")?.replaceWith(document.adoptNode(fresh));
      }
    }
  }

  #showLosses(family: number, hour: WindowSummary | undefined): void {
    const place = this.querySelector(`[data-losses="${family}"]`);
    if (!place || !hour || hour.losses.length === 0) {
      return;
    }
    const heading = document.createElement("h3");
    heading.textContent = "Lost in the last hour, and why";
    const list = document.createElement("ul");
    for (const loss of hour.losses) {
      const item = list.appendChild(document.createElement("li"));
      const number = item.appendChild(document.createElement("b"));
      number.className = "number";
      number.textContent = count(loss.count);
      item.append(` ${loss.meaning} `);
      const word = item.appendChild(document.createElement("small"));
      word.className = "mono";
      word.textContent = loss.reason;
    }
    place.replaceChildren(heading, list);
  }
}

/** What MissedAndLate.cs says. */
function missedAndLate(target: { readonly missedRounds: number; readonly lateAnswers: number }): string {
  const parts = [counted(target.missedRounds, "round", "missed"), counted(target.lateAnswers, "answer", "too late")]
    .filter(part => part !== "");
  return parts.length === 0 ? "" : `${parts.join(", ")} in the last hour`;
}

function counted(number: number, one: string, what: string): string {
  return number === 0 ? "" : `${count(number)} ${one}${number === 1 ? "" : "s"} ${what}`;
}

function textOf(window: WindowSummary, figure: string): string {
  const value = window[figure] as number | null;
  return figure === "lossRatio" ? percent(value) : figure.endsWith("Ms") ? ms(value) : count(value ?? 0);
}

customElements.define("target-figures", TargetFigures);
